import { describe, expect, it } from '@jest/globals';
import { Turns } from './turns.js';

describe('Turns', () => {
  it('lets so many run for each key, and the rest in the order in which they came', async () => {
    const turns = new Turns(1);
    const began: string[] = [];
    const take = async (key: string, name: string): Promise<() => void> => {
      const end = await turns.take(key);
      began.push(name);
      return end;
    };
    const first = await take('blog', 'a');
    const second = take('blog', 'b');
    const third = take('blog', 'c');
    await take('user', 'd');
    expect(began).toEqual(['a', 'd']);
    first();
    (await second)();
    (await third)();
    expect(began).toEqual(['a', 'd', 'b', 'c']);
    await take('blog', 'e');
    expect(began).toHaveLength(5);
  });
});
