import type { RelationalStore } from '@loomgraph/stores/relational';
import type { UnitOfWork } from '@loomgraph/sync';
import { LockMode } from '@mikro-orm/core';
import type { JobUnitOfWork } from '../../domain/jobs/ports.js';
import { assertNotErased } from '../erased-users.js';
import { JobEntity } from './job.entity.js';
import { contentColumns, salaryColumns, toJob, type JobRow } from './job.rows.js';

export function createJobUnitOfWork(unitOfWork: UnitOfWork, store: RelationalStore): JobUnitOfWork {
  return {
    run: (work) =>
      unitOfWork.run(({ em }) =>
        work({
          assertNotErased: (userId) => assertNotErased(em, store, userId),
          async lockJob(id) {
            const row = await em.findOne(JobEntity, { id }, { lockMode: LockMode.PESSIMISTIC_WRITE });
            return row && toJob(row as unknown as JobRow);
          },
          jobText: async (id) => (await em.findOneOrFail(JobEntity, { id }, { populate: ['text'] })).text,
          insertJob({ salary, ...job }, content) {
            em.create(JobEntity, { ...job, ...salaryColumns(salary), ...contentColumns(content) });
          },
          async updateJob(id, { salary, ...changes }, content) {
            const row = await em.findOneOrFail(JobEntity, { id });
            em.assign(row, {
              ...changes,
              ...(salary === undefined ? {} : salaryColumns(salary)),
              ...(content ? contentColumns(content) : {}),
            });
          },
          async deleteJob(id) {
            em.remove(await em.findOneOrFail(JobEntity, { id }));
          },
        }),
      ),
  };
}
