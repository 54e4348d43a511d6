import { settings } from '../shared/runtime/environment.ts';
import { retentionDays } from '../shared/runtime/retention.ts';

/** The owner's settings that shape the stack. */
export interface DeploySettings {
  readonly graph: GraphSettings;
  /** Absent: nobody is told of an alarm. */
  readonly alarmEmail?: string;
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
 * stand-in for Meta must not reach a deployed gateway unasked. Throws when ALARM_EMAIL is no address, which AWS
 * would say only once most of the stack is made.
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
  return {
    graph: {
      GRAPH_API_VERSION: environment.GRAPH_API_VERSION || settings.GRAPH_API_VERSION.default,
      HUMAN_AGENT: environment.HUMAN_AGENT || settings.HUMAN_AGENT.default,
      ...(baseUrl ? { GRAPH_API_BASE_URL: baseUrl } : {}),
    },
    ...(alarmEmail ? { alarmEmail } : {}),
    ...(retention ? { messageRetentionDays: retentionDays(retention) } : {}),
  };
}
