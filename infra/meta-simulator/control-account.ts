import * as z from 'zod';
import { type AccountSwitches, accountTypes } from './account-state.ts';
import type { ControlOptions, Handler } from './control-options.ts';
import { ControlError, readAs } from './control-request.ts';
import { issueToken, newToken } from './control-tokens.ts';

const appId = z.string().regex(/^\d+$/, 'an app id is digits');
const permissions = z.array(z.string().regex(/^[a-z_]+$/));
const switches = z.strictObject({
  tokenSubcode: z.int().nullable().exactOptional(),
  tokenAppId: appId.nullable().exactOptional(),
  missingPermissions: permissions.exactOptional(),
  grantedPermissions: permissions.exactOptional(),
  messageAccess: z.boolean().exactOptional(),
  humanAgentApproved: z.boolean().exactOptional(),
  standardAccess: z.boolean().exactOptional(),
  peopleWithRoles: z.array(z.string()).exactOptional(),
  defaultAppId: appId.nullable().exactOptional(),
  live: z.boolean().exactOptional(),
  blocked: z.boolean().exactOptional(),
  pageLinked: z.boolean().exactOptional(),
  accountType: z.enum(accountTypes).exactOptional(),
  multiImage: z.boolean().exactOptional(),
  requireProof: z.boolean().exactOptional(),
});

const threadOwner = z.strictObject({ customerId: z.string().min(1), ownerAppId: appId.nullable() });

/** What the owner, the app's review or Meta changes about the account. */
export function accountRoutes({ world }: ControlOptions): Readonly<Record<string, Handler>> {
  return {
    'GET switches': () => world.state.switches,
    'PUT switches': async (request) => {
      world.state.set(asSwitches(await readAs(switches, request)));
      return world.state.switches;
    },
    'PUT threads': async (request) => {
      const { customerId, ownerAppId } = await readAs(threadOwner, request);
      if (!world.conversations.withCustomer(customerId)) {
        throw new ControlError(400, `Nobody with the id ${customerId} has written.`);
      }
      world.state.threads.passTo(customerId, ownerAppId ?? undefined);
      return { customerId, ownerAppId };
    },
    'POST tokens': async (request) => issueToken(world, await readAs(newToken, request)),
  };
}

/** In JSON null stands for what is not set. */
function asSwitches(given: z.output<typeof switches>): Partial<AccountSwitches> {
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [name, value ?? undefined]));
}
