/** Hands out what waits in turn: first between the groups, then between the members of each, oldest first within a member. */
export class FairQueue<T> {
  readonly #groups = new Map<string, Map<string, T[]>>();

  push(group: string, member: string, item: T): void {
    const members = this.#groups.get(group) ?? new Map<string, T[]>();
    this.#groups.set(group, members);
    const waiting = members.get(member) ?? [];
    members.set(member, waiting);
    waiting.push(item);
  }

  shift(): T | undefined {
    const group = first(this.#groups);
    if (group === undefined) return undefined;
    const [groupName, members] = group;
    const member = first(members);
    if (member === undefined) return undefined;
    const [memberName, waiting] = member;
    const item = waiting.shift();
    // Whoever was served goes to the end of the line, a map's order being that of insertion.
    members.delete(memberName);
    if (waiting.length > 0) members.set(memberName, waiting);
    this.#groups.delete(groupName);
    if (members.size > 0) this.#groups.set(groupName, members);
    return item;
  }
}

const first = <T>(map: ReadonlyMap<string, T>): [string, T] | undefined => map.entries().next().value;
