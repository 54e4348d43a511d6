import { finding } from '../findings.ts';
import { isRefusal } from '../graph-reading.ts';
import type { AccountReading } from '../read-account.ts';
import type { MetaSeen } from '../seen.ts';
import { type Check, found, nothing, type Said } from './check.ts';
import { permissionRefusal } from './permissions.ts';
import { unread } from './token.ts';

type Page = Extract<AccountReading, { kind: 'page' }>;
type InstagramAccount = Extract<AccountReading, { kind: 'instagram' }>;

/** Whether there is a professional account behind the token, and IG_USER_ID is its id. */
export const checkTheAccount: Check = ({ meta }) => {
  if (!meta || meta.trouble) return nothing;
  const { account } = meta;
  if (!account.ok) {
    const isSaidElsewhere =
      account.failure.kind === 'not_reached' || permissionRefusal(account) !== undefined;
    return isSaidElsewhere ? nothing : unread('the account', account.failure);
  }
  return account.value.kind === 'page' ? checkPage(meta, account.value) : checkInstagram(meta, account.value);
};

function checkPage({ secret, token, conversations }: MetaSeen, page: Page): Said {
  const configured = secret.ig_user_id;
  if (configured === page.pageId) {
    const right = page.account ? ` The account's is ${page.account.id}.` : '';
    return found(finding('ig_user_id_is_page_id', `${configured} is the id of the Page.${right}`));
  }
  if (page.account) return checkId(configured, page.account.id, page.account.username);
  if (page.connectedAccountId !== undefined) {
    return found(
      finding('account_not_professional', `The Page ${page.pageId} is linked to an account of another kind.`),
    );
  }
  // Meta leaves the account out as well when the permission to read it is missing.
  const mayRead = token.facts?.scopes.includes('instagram_basic') ?? !isShownByConversations(conversations);
  return mayRead
    ? found(finding('page_not_linked', `Meta tells no Instagram account of the Page ${page.pageId}.`))
    : nothing;
}

function isShownByConversations(conversations: MetaSeen['conversations']): boolean {
  return conversations?.ok === true
    ? !conversations.value.isEmpty
    : conversations !== undefined && !isRefusal(conversations.failure, 100, 2534013);
}

function checkInstagram({ secret }: MetaSeen, account: InstagramAccount): Said {
  const configured = secret.ig_user_id;
  if (account.accountType?.toUpperCase() === 'PERSONAL') {
    return found(finding('account_not_professional', `Meta says that its type is ${account.accountType}.`));
  }
  if (configured === account.appScopedId && configured !== account.accountId) {
    return found(
      finding(
        'ig_user_id_is_app_scoped_id',
        `${configured} is the \`id\` of the account, and its \`user_id\` is ${account.accountId}.`,
      ),
    );
  }
  return checkId(configured, account.accountId, account.username);
}

function checkId(configured: string, id: string, username: string | undefined): Said {
  if (configured === id) return nothing;
  const name = username === undefined ? '' : ` (@${username})`;
  return found(
    finding(
      'ig_user_id_of_another_account',
      `IG_USER_ID is ${configured}, and the token speaks for ${id}${name}.`,
    ),
  );
}
