const english = `a about after all also am an and any are as at be because been before being both but by can could did do does doing
  done each either etc few for from further get gets give given gives had has have having he her here hers him his how i if in into is it its
  itself just let like made make makes many may me might more most much must my need needs neither no nor not now of off on once
  one only onto or other our ours out over own per please same see shall she should show so some such than that the their theirs
  them then there these they this those through to too under up upon us use used uses using very via want wants was we well were
  what when where which while who whom whose why will with within without would yes yet you your yours`;
const chinese = `的 了 和 与 及 或 在 是 我 你 您 他 她 它 我们 你们 他们 这 那 这个 那个 这些 那些 一个 一种 一份 一些 有 没有 也 都 就 而 被 把 让 给
  对 对于 从 向 到 以 为 为了 于 并 并且 但 但是 如果 因为 所以 请 要 想 想要 需要 能 可以 会 很 更 最 不 吗 呢 吧 啊 等 等等 用 用于 通过 其 之 着 过 地 得 上 下 中 里`;

/** Words that say nothing about what a text is about, in English and Chinese. Stored vectors depend on the list. */
export const stopWords: ReadonlySet<string> = new Set(`${english} ${chinese}`.split(/\s+/));
