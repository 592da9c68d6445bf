import { setImmediate as turn } from 'node:timers/promises';
import { Solitude } from './solitude.js';

describe('Solitude', () => {
  it('runs what is alone after what is under way and before what comes later, each other side by side', async () => {
    const solitude = new Solitude();
    const log: string[] = [];
    const ends = new Map<string, () => void>();
    const work = (name: string) => async () => {
      log.push(`${name} begins`);
      await new Promise<void>((resolve) => ends.set(name, resolve));
      log.push(`${name} ends`);
      return name;
    };
    const end = async (name: string) => {
      ends.get(name)!();
      await turn();
    };
    const all = [
      solitude.beside(work('a')),
      solitude.beside(work('b')),
      solitude.alone(work('x')),
      solitude.alone(work('y')),
      solitude.beside(work('c')),
    ];
    await turn();
    expect(log).toEqual(['a begins', 'b begins']);
    await end('a');
    expect(log).toEqual(['a begins', 'b begins', 'a ends']);
    await end('b');
    await end('x');
    expect(log.slice(3)).toEqual(['b ends', 'x begins', 'x ends', 'y begins']);
    await end('y');
    await end('c');
    expect(log.slice(7)).toEqual(['y ends', 'c begins', 'c ends']);
    expect(await Promise.all(all)).toEqual(['a', 'b', 'x', 'y', 'c']);
  });

  it('goes on after a failure', async () => {
    const solitude = new Solitude();
    const failing = solitude.alone(() => Promise.reject(new Error('no')));
    const next = solitude.beside(() => Promise.resolve('yes'));
    await expect(failing).rejects.toThrow('no');
    expect(await next).toBe('yes');
  });
});
