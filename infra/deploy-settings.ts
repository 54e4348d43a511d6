import { settings } from '../shared/runtime/environment.ts';
import { retentionDays } from '../shared/runtime/retention.ts';
import type { MonthlyBudgetProps } from './constructs/monthly-budget.ts';
import { type ExtensionSettings, extensionSettings } from './extension-settings.ts';

/** The owner's settings that shape the stack. */
export interface DeploySettings extends ExtensionSettings {
  readonly graph: GraphSettings;
  /** `on` or `off`. */
  readonly resubscribe: 'on' | 'off';
  /** Absent: nobody is told of an alarm. */
  readonly alarmEmail?: string;
  readonly monthlyBudget?: MonthlyBudgetProps;
  /** Absent: messages are kept for ever. */
  readonly messageRetentionDays?: string;
}

/** Those that the functions get, as function variables. */
export interface GraphSettings {
  readonly GRAPH_API_VERSION: string;
  readonly HUMAN_AGENT: string;
  readonly GRAPH_API_BASE_URL?: string;
}

/**
 * Read from the environment at synthesis, not from `.env.local`: that file belongs to this machine, and its
 * stand-in for Meta must not reach a deployed gateway unasked. Throws when ALARM_EMAIL is no address,
 * MONTHLY_BUDGET_USD no amount or RESUBSCRIBE neither on nor off, which AWS would say only once most of the stack is made;
 * and for what is wrong with the extensions' settings.
 */
export function deploySettings(environment: NodeJS.ProcessEnv): DeploySettings {
  const {
    GRAPH_API_BASE_URL: baseUrl,
    ALARM_EMAIL: alarmEmail,
    MESSAGE_RETENTION_DAYS: retention,
  } = environment;
  if (alarmEmail && !/^[^\s@]+@[^\s@]+$/.test(alarmEmail)) {
    throw new Error(`ALARM_EMAIL must be an e-mail address, not ${JSON.stringify(alarmEmail)}.`);
  }
  const monthlyBudget = budgetOf(environment.MONTHLY_BUDGET_USD, alarmEmail);
  return {
    graph: {
      GRAPH_API_VERSION: environment.GRAPH_API_VERSION || settings.GRAPH_API_VERSION.default,
      HUMAN_AGENT: environment.HUMAN_AGENT || settings.HUMAN_AGENT.default,
      ...(baseUrl ? { GRAPH_API_BASE_URL: baseUrl } : {}),
    },
    resubscribe: onOrOff('RESUBSCRIBE', environment.RESUBSCRIBE || settings.RESUBSCRIBE.default),
    ...(alarmEmail ? { alarmEmail } : {}),
    ...(monthlyBudget ? { monthlyBudget } : {}),
    ...(retention ? { messageRetentionDays: retentionDays(retention) } : {}),
    ...extensionSettings(environment),
  };
}

function onOrOff(name: string, value: string): 'on' | 'off' {
  if (value === 'on' || value === 'off') return value;
  throw new Error(`${name} must be on or off, not ${JSON.stringify(value)}.`);
}

function budgetOf(amount: string | undefined, email: string | undefined): MonthlyBudgetProps | undefined {
  if (!amount) return undefined;
  if (!/^\d{1,9}(\.\d{1,2})?$/.test(amount) || Number(amount) === 0) {
    throw new Error(`MONTHLY_BUDGET_USD must be an amount such as 20, not ${JSON.stringify(amount)}.`);
  }
  if (!email) throw new Error('MONTHLY_BUDGET_USD needs ALARM_EMAIL: somebody has to get the mail.');
  return { usd: Number(amount), email };
}
