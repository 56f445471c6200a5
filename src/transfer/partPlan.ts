const mebibyte = 1024 * 1024;

/** S3's limits, in bytes. @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
export const minPartSize = 5 * mebibyte;
export const maxParts = 10_000;
export const maxObjectSize = 5 * 1024 ** 4;

/** What measured best with four parts at a time; also what one request is still fine for. */
export const defaultPartSize = 16 * mebibyte;
export const defaultParallelParts = 4;

/** How an object is cut: all parts have the same size but the last, which may be smaller. */
export interface PartPlan {
  readonly size: number;
  readonly partSize: number;
  readonly count: number;
}

/** One part of a plan; numbers start at 1, as S3's do. */
export interface PlannedPart {
  readonly number: number;
  readonly offset: number;
  readonly length: number;
}

/**
 * Cuts an object of a size into parts that S3 takes, of the preferred size as long as
 * {@link maxParts} suffice, else of as many whole mebibytes as are needed.
 *
 * @throws RangeError if S3 takes no object of that size
 */
export function planParts(size: number, preferred = defaultPartSize): PartPlan {
  if (!Number.isSafeInteger(size) || size < 0 || size > maxObjectSize) {
    throw new RangeError(`S3 takes no object of ${size} bytes: the most is 5 TiB.`);
  }
  const needed = Math.ceil(size / maxParts / mebibyte) * mebibyte;
  const wanted = Math.max(minPartSize, preferred);
  const partSize = Math.ceil(size / wanted) <= maxParts ? wanted : needed;
  return { size, partSize, count: Math.ceil(size / partSize) };
}

/** A part by its number, from 1 to the plan's count. */
export function partAt({ size, partSize }: PartPlan, number: number): PlannedPart {
  const offset = (number - 1) * partSize;
  return { number, offset, length: Math.min(partSize, size - offset) };
}

/** All parts of a plan, in order. */
export function* partsOf(plan: PartPlan): Generator<PlannedPart, void, undefined> {
  for (let number = 1; number <= plan.count; number += 1) yield partAt(plan, number);
}
