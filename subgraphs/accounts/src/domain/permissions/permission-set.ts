import type { Permission } from './permissions.js';

const textOf = ({ type, action, reach }: Permission): string => `${type}:${action}:${reach}`;

/** Each permission once, in the order in which a role shows them. */
export function permissionSet(permissions: readonly Permission[]): readonly Permission[] {
  return [...new Map(permissions.map((permission) => [textOf(permission), permission])).values()].toSorted((a, b) =>
    textOf(a) < textOf(b) ? -1 : 1,
  );
}

/** Of two sets as `permissionSet` makes them. */
export function isSameSet(a: readonly Permission[], b: readonly Permission[]): boolean {
  return a.map(textOf).join() === b.map(textOf).join();
}
