import { parseSimulation } from './apt.ts';
import { renderPom } from './maven.ts';

describe('parseSimulation', () => {
  it('lists the packages to be installed and not those only configured', () => {
    const output =
      'NOTE: This is only a simulation!\nInst liblzf1 (3.6-3 Debian:12 [amd64])\nInst redis-tools (5:7.0 [amd64])\nConf liblzf1 (3.6-3)\n';
    expect(parseSimulation(output)).toEqual(['liblzf1', 'redis-tools']);
  });

  it('finds nothing when all is installed', () => {
    expect(parseSimulation('0 upgraded, 0 newly installed, 0 to remove.\n')).toEqual([]);
  });
});

describe('renderPom', () => {
  it('names each artifact once, and no repository', () => {
    const pom = renderPom([{ group: 'org.neo4j', name: 'neo4j', version: '5.26.30' }]);
    expect(pom).toContain('<groupId>org.neo4j</groupId><artifactId>neo4j</artifactId><version>5.26.30</version>');
    expect(pom).not.toMatch(/https?:|repositor/);
  });
});
