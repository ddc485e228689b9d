import pc from 'picocolors';
import { type Answer, type RequestOptions, request } from './http.js';

/** A step's claim did not hold. */
export class StepFailed extends Error {}

/** Tells the story on the terminal. */
export class Narrator {
  constructor(private readonly gatewayUrl: string) {}

  title(number: number, text: string): void {
    console.log(`\n${pc.bold(pc.cyan(`${number}. ${text}`))}`);
  }

  note(text: string): void {
    for (const line of text.split('\n')) console.log(`   ${line}`);
  }

  /** Sends a request to the gateway, shows the exchange short, and checks the status. */
  async exchange(path: string, expected: number, options: RequestOptions = {}): Promise<Answer> {
    const answer = await request(this.gatewayUrl + path, options);
    const sent = options.body === undefined ? '' : ` ${pc.dim(brief(options.body))}`;
    console.log(`   ${pc.yellow('→')} ${options.method ?? 'GET'} ${path}${sent}`);
    const colour = answer.status < 400 ? pc.green : pc.magenta;
    console.log(`   ${pc.yellow('←')} ${colour(String(answer.status))} ${pc.dim(brief(answer.body))}`);
    this.check(answer.status === expected, `HTTP ${expected}`, `HTTP ${answer.status} ${brief(answer.body)}`);
    return answer;
  }

  check(holds: boolean, claim: string, instead: string): void {
    if (!holds) throw new StepFailed(`expected ${claim}, got ${instead}`);
    console.log(`   ${pc.green('✓')} ${claim}`);
  }
}

const SECRET = /^(password|token|access_token)$/;
const WIDTH = 110;

/** JSON in one line, cut at the terminal's usual width, without secrets. */
function brief(value: unknown): string {
  const text = JSON.stringify(value, (key, inner: unknown) => (SECRET.test(key) ? '…' : inner)) ?? '';
  return text.length > WIDTH ? `${text.slice(0, WIDTH)}…` : text;
}
