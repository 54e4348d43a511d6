import * as z from 'zod/mini';
import { messageId } from '../../shared/instagram/ids.ts';

export const markReadRequest = z
  .strictObject(
    {
      up_to: z.string({ error: 'up_to must be a string: the id of the newest message that was read.' }).check(
        z.minLength(1, { error: 'up_to is empty.' }),
        z.refine((value) => messageId(value) !== undefined, { error: 'up_to cannot be a message id.' }),
      ),
    },
    { error: 'The body must be a JSON object with up_to alone.' },
  )
  .register(z.globalRegistry, {
    id: 'MarkReadRequest',
    description: "The team's read mark: the customer is not told.",
    examples: [{ up_to: 'aWdfZAG1faXRlbToxMjM' }],
  });
