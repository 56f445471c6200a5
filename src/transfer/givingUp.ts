import { withOwnKeyAccess } from '../core/keyAccess.ts';
import type { TransferContext } from './transferContext.ts';

/**
 * A context for a run over many objects: once the person gave up a question for a customer key, no
 * further one is asked, and the objects that it would be for fail.
 */
export function askingUntilGivenUp(context: TransferContext): TransferContext {
  const { keys } = context;
  let isGivenUp = false;
  return {
    ...context,
    keys: withOwnKeyAccess(keys, {
      ask: async (address, host, reason) => {
        const answer = isGivenUp ? undefined : await keys.ask(address, host, reason);
        isGivenUp ||= answer === undefined;
        return answer;
      },
    }),
  };
}
