import * as z from 'zod/mini';

export const markReadRequest = z
  .strictObject(
    {
      up_to: z
        .string({ error: 'up_to must be a string: the id of the newest message that was read.' })
        .check(
          z.minLength(1, { error: 'up_to is empty.' }),
          z.maxLength(512, { error: 'up_to is longer than any message id.' }),
        ),
    },
    { error: 'The body must be a JSON object with up_to alone.' },
  )
  .register(z.globalRegistry, {
    id: 'MarkReadRequest',
    description: "The team's read mark: the customer is not told.",
    examples: [{ up_to: 'aWdfZAG1faXRlbToxMjM' }],
  });
