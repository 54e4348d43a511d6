import { type SettingName, settings } from '../../../shared/runtime/environment.ts';
import { CommandFailed } from '../command.ts';
import type { Questions } from './questions.ts';

/** What must be there before Meta can be asked anything, in the order in which it is asked for. */
const asked = {
  INSTAGRAM_LOGIN: {
    flag: '--login',
    where:
      "instagram is the shorter way for your own shop's account and needs no Facebook Page; facebook goes by the Page that is linked to the account.",
    question: 'Which login: instagram (recommended for your own shop) or facebook? ',
  },
  APP_ID: { flag: '--app-id', where: settings.APP_ID.where, question: 'App id: ' },
  APP_SECRET: {
    flag: '--app-secret',
    where: settings.APP_SECRET.where,
    question: 'App secret (not shown): ',
  },
  PAGE_ACCESS_TOKEN: {
    flag: '--token',
    where:
      'Facebook login: Graph API Explorer, "Get User Access Token"; the Page token is made from it. Instagram login: App Dashboard > Instagram > API setup with Instagram login > Generate token.',
    question: 'Access token (not shown): ',
  },
} as const;

export type NeededName = keyof typeof asked;
const secretNames: readonly NeededName[] = ['APP_SECRET', 'PAGE_ACCESS_TOKEN'];

export interface Inputs {
  /** The value of a flag, of the environment, or of what is stored already; asked for where there is none. */
  need(name: NeededName): Promise<string>;
  /** Drops typed values, so that they are asked for again. False when one of them was not typed. */
  forget(...names: NeededName[]): boolean;
}

/**
 * @param given what need not be asked for.
 * @throws CommandFailed naming all that is missing, where nobody can be asked.
 */
export function readInputs(
  given: Partial<Record<SettingName, string>>,
  questions: Questions | undefined,
): Inputs {
  const missing = (Object.keys(asked) as NeededName[]).filter((name) => !given[name]);
  if (!questions && missing.length > 0) throw missingInputs(missing);
  const typed = new Map<NeededName, string>();

  return {
    async need(name) {
      const known = given[name] || typed.get(name);
      if (known !== undefined || !questions) return known ?? '';
      const { where, question } = asked[name];
      console.log(`\n${where}`);
      let answer = '';
      while (answer === '') {
        answer = await (secretNames.includes(name) ? questions.secret(question) : questions.text(question));
      }
      typed.set(name, answer);
      return answer;
    },
    forget(...names) {
      const isTyped = names.some((name) => typed.has(name));
      for (const name of names) typed.delete(name);
      return isTyped;
    },
  };
}

function missingInputs(names: readonly NeededName[]): CommandFailed {
  const flags = names.map((name) => asked[name].flag);
  return new CommandFailed(
    [
      `Missing: ${flags.join(', ')}. Give each as a flag, or in the environment or .env.local under the name beside it; in a terminal it is asked for.`,
      ...names.map((name) => `  ${asked[name].flag} (${name}): ${asked[name].where}`),
    ].join('\n'),
  );
}

/** Asks again, up to twice, for what was typed and did not pass. */
export async function untilTaken<Result>(
  inputs: Inputs,
  names: readonly NeededName[],
  attempt: () => Promise<Result>,
): Promise<Result> {
  for (let left = 2; ; left -= 1) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof CommandFailed) || left === 0 || !inputs.forget(...names)) throw error;
      console.error(`✗ ${error.message}`);
    }
  }
}
