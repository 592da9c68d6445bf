/** Types within types multiply: a check that would take longer than a plan by the other planner is given up. */
export class VerificationSteps {
  #left: number;

  constructor(limit: number) {
    this.#left = limit;
  }

  /** False when none are left; what is found after that is not to be believed. */
  take(count: number): boolean {
    this.#left -= count;
    return this.#left > 0;
  }

  get areUsedUp(): boolean {
    return this.#left <= 0;
  }
}
