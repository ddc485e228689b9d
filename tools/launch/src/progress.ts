import ora from 'ora';

/** One line of the terminal that changes while something is being done. */
export interface Progress {
  say(line: string): void;
  /** Removes the line. What is said afterwards stays. */
  end(): void;
}

/** Shows progress. Where there is no terminal, or one that does not tell its width, every line stays instead. */
export function showProgress(text: string): Progress {
  // A width of 0 (docker run -t, a CI's pty) would keep ora erasing lines for ever.
  const hasWidth = process.stderr.isTTY && process.stderr.columns > 0;
  const spinner = ora({ text, discardStdin: false, isSilent: !hasWidth }).start();
  return {
    say: (line) => {
      if (spinner.isSpinning) spinner.text = line;
      else console.log(line);
    },
    end: () => spinner.stop(),
  };
}
