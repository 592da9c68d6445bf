import { builtInRoles } from './built-in-roles.js';
import { isPermission, permissionCatalogue } from './permission-catalogue.js';

const permissionsOf = (name: string): Set<string> =>
  new Set(builtInRoles.find((role) => role.name === name)?.rules.map(({ type, action }) => `${type}:${action}`));

describe('A3 built-in roles', () => {
  it('have permissions of the catalogue', () => {
    for (const { rules } of builtInRoles)
      for (const { type, action } of rules) expect([type, action, isPermission(type, action)]).toEqual([type, action, true]);
    expect(isPermission('template', 'constructor')).toBe(false);
    expect(isPermission('constructor', 'create')).toBe(false);
    expect(isPermission('*', 'create')).toBe(true);
    expect(isPermission('*', 'fly')).toBe(false);
  });

  it('of companies are about companies, each a superset of the next, so that owners can give them all', () => {
    const chain = ['owner', 'company-admin', 'hr', 'recruiter', 'viewer'];
    for (const [index, name] of chain.entries()) {
      const role = builtInRoles.find((one) => one.name === name);
      expect(role?.scope).toBe('company');
      for (const { type } of role?.rules ?? []) expect(permissionCatalogue[type as keyof typeof permissionCatalogue]?.ofCompany).toBe(true);
      const below = chain[index + 1];
      if (below !== undefined) {
        expect([...permissionsOf(below)].filter((permission) => !permissionsOf(name).has(permission))).toEqual([]);
        expect(permissionsOf(below).size).toBeLessThan(permissionsOf(name).size);
      }
    }
  });

  it('give a company to its owner alone', () => {
    expect(builtInRoles.filter(({ name }) => permissionsOf(name).has('company:transfer')).map(({ name }) => name)).toEqual(['owner']);
  });
});
