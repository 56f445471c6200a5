import Mocha from 'mocha';
import { keepCounts } from './counts.ts';

/** Mocha's spec reporter, which also keeps the counts for the last line of `npm test`. */
export default class CountingReporter extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options?: Mocha.MochaOptions) {
    super(runner, options);
    runner.once(Mocha.Runner.constants.EVENT_RUN_END, () => {
      const { passes, failures, pending } = this.stats;
      keepCounts('mocha', { passed: passes, failed: failures, skipped: pending });
    });
  }
}
