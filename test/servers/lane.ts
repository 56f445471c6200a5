/** Set by scripts/sideBySide.ts: `1/2` is the first of two runs that share the work. */
export const laneVariable = 'SSEC_LANE';

/** This run's share of things; all of them if no other run goes on beside it. */
export function shareOf<T>(all: readonly T[], environment = process.env): readonly T[] {
  const [, lane = '1', lanes = '1'] = /^(\d)\/(\d)$/.exec(environment[laneVariable] ?? '') ?? [];
  return all.filter((_, index) => index % Number(lanes) === Number(lane) - 1);
}
