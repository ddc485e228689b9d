/** Numbers that a reading needs for as long as it is inside of a message, one piece for each message around the place. */
export class Stack {
  items = new Int32Array(256);
  top = 0;

  /** Takes `size` more, all set to `value`, and gives the index of the first. Set `top` to it to give them back. */
  push(size: number, value: number): number {
    const start = this.top;
    this.top += size;
    if (this.top > this.items.length) {
      const grown = new Int32Array(this.top * 2);
      grown.set(this.items);
      this.items = grown;
    }
    for (let index = start; index < this.top; index++) this.items[index] = value;
    return start;
  }
}
