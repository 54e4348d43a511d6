import { CommandFailed } from '../command.ts';
import { appsOf, checkApps } from './check-apps.ts';
import type { Login, ReachedAccount } from './connection.ts';
import { type Inputs, untilTaken } from './inputs.ts';
import { list, type Page } from './pages.ts';
import type { Questions } from './questions.ts';
import { reachByFacebook } from './reach-facebook.ts';
import { reachByInstagram } from './reach-instagram.ts';
import type { Speaker } from './speaker.ts';

/** Gets what is needed, each value checked at Meta as soon as it is there. Changes nothing. */
export async function reachAccount(
  inputs: Inputs,
  page: string | undefined,
  speaker: Speaker,
  questions: Questions | undefined,
): Promise<ReachedAccount> {
  const login = await untilTaken(inputs, ['INSTAGRAM_LOGIN'], async () =>
    parseLogin(await inputs.need('INSTAGRAM_LOGIN')),
  );
  const apps = await untilTaken(inputs, ['APP_ID', 'APP_SECRET'], async () => {
    const given = appsOf(await inputs.need('APP_ID'), await inputs.need('APP_SECRET'));
    speaker.keepSecret({ apps: given });
    for (const line of await checkApps(given, login)) speaker.tell(line);
    return given;
  });
  return untilTaken(inputs, ['PAGE_ACCESS_TOKEN'], async () => {
    const token = await inputs.need('PAGE_ACCESS_TOKEN');
    speaker.keepSecret({ token });
    const options = { token, apps, tell: speaker.tell, warn: speaker.warn };
    const account =
      login === 'instagram'
        ? await reachByInstagram(options)
        : await reachByFacebook({ ...options, page, ask: questions && askPage(questions) });
    speaker.keepSecret({ token: account.accessToken });
    return account;
  });
}

export function parseLogin(text: string): Login {
  if (text === 'facebook' || text === 'instagram') return text;
  throw new CommandFailed(`The login is facebook or instagram, not ${JSON.stringify(text)}.`);
}

function askPage(questions: Questions) {
  return async (linked: readonly Page[]): Promise<string> => {
    console.log(`\nThe token sees several Pages with an Instagram account:\n${list(linked)}`);
    return questions.text('The id of the one that is meant: ');
  };
}
