import { keyOf } from './input.js';
import type { NodeRef } from './port.js';
import { shortestSteps, type Expand, type Step } from './sql-path.js';

const node = (id: string): NodeRef => ({ label: 'N', id });

/** Edges as `from>to`; counts how many nodes were expanded. */
function graphOf(...edges: string[]): { expand: Expand; calls: string[] } {
  const steps = edges.flatMap((edge): Step[] => {
    const [from = '', to = ''] = edge.split('>');
    const forward = { a: node(from), b: node(to), type: 'E', forward: true, properties: {} };
    return [forward, { ...forward, a: forward.b, b: forward.a, forward: false }];
  });
  const calls: string[] = [];
  return {
    calls,
    expand: async (frontier, targets) => {
      calls.push(`${frontier.map(({ id }) => id)}→${targets?.map(({ id }) => id) ?? '*'}`);
      const from = new Set(frontier.map(keyOf));
      const to = targets && new Set(targets.map(keyOf));
      return steps.filter(({ a, b }) => from.has(keyOf(a)) && (!to || to.has(keyOf(b))));
    },
  };
}

const walk = (steps: readonly Step[] | null) =>
  steps?.map(({ a, b, forward }) => (forward ? `${a.id}>${b.id}` : `${a.id}<${b.id}`)) ?? null;

describe('shortestSteps', () => {
  it('joins the trails of both ends in order', async () => {
    const { expand } = graphOf('a>b', 'c>b', 'c>d', 'd>e', 'e>f', 'f>g');
    expect(walk(await shortestSteps(node('a'), node('g'), 6, expand))).toEqual(['a>b', 'b<c', 'c>d', 'd>e', 'e>f', 'f>g']);
    expect(walk(await shortestSteps(node('g'), node('a'), 6, expand))).toEqual(['g<f', 'f<e', 'e<d', 'd<c', 'c>b', 'b<a']);
    expect(await shortestSteps(node('a'), node('g'), 5, expand)).toBeNull();
  });

  it('prefers the shorter of two ways and survives cycles', async () => {
    const { expand } = graphOf('a>b', 'b>c', 'c>a', 'c>d', 'a>x', 'x>d', 'd>e');
    expect(await shortestSteps(node('a'), node('e'), 6, expand)).toHaveLength(3);
  });

  it('does not expand a hub in the middle of a path of two edges', async () => {
    const fans = Array.from({ length: 100 }, (_, index) => `fan${index}>hub`);
    const { expand, calls } = graphOf('a>hub', 'b>hub', ...fans);
    expect(walk(await shortestSteps(node('a'), node('b'), 6, expand))).toEqual(['a>hub', 'hub<b']);
    expect(calls).toEqual(['a→b', 'a→*', 'hub→b']);
  });

  it('stops when one end has nowhere to go', async () => {
    const { expand } = graphOf('a>b');
    expect(await shortestSteps(node('a'), node('island'), 6, expand)).toBeNull();
  });
});
