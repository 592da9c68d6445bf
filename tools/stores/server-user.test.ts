import { findServerUser, parsePasswd } from './server-user.ts';

describe('parsePasswd', () => {
  it('reads names and ids, and skips what is not an entry', () => {
    const users = parsePasswd('root:x:0:0:root:/root:/bin/bash\n\n# comment\npostgres:x:101:104::/var/lib/postgresql:\n');
    expect([...users.values()]).toEqual([
      { name: 'root', uid: 0, gid: 0 },
      { name: 'postgres', uid: 101, gid: 104 },
    ]);
  });
});

describe('findServerUser', () => {
  it('changes no user unless root', () => {
    expect(findServerUser(['postgres'], false)).toBeUndefined();
  });
});
