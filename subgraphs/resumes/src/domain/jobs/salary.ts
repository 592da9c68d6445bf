import type { Salary, SalaryPeriod } from './job.js';

/** Of full-time work: 40 hours a week, 5 days. */
const TIMES_A_YEAR: Readonly<Record<SalaryPeriod, number>> = { hour: 2_080, day: 260, month: 12, year: 1 };

/** An amount of a period as that of a year, in the same currency. */
export const yearly = (amount: number, period: SalaryPeriod): number => amount * TIMES_A_YEAR[period];

/** The least that somebody wants. */
export interface WantedSalary {
  readonly amount: number;
  readonly currency: string;
  readonly period: SalaryPeriod;
}

/** Whether a job may pay it. One that does not say what it pays, or says it in another currency, may not: nobody knows. */
export const paysAtLeast = (salary: Salary | null, { amount, currency, period }: WantedSalary): boolean =>
  salary !== null && salary.currency === currency && yearly(salary.max, salary.period) >= yearly(amount, period);
