import type { JSX } from 'preact';
import type { Status } from '../api/shapes.ts';
import { SidePanel } from '../shell/panel.tsx';
import { statusStore } from '../store/app.ts';
import { useStore } from '../store/use-store.ts';
import { text } from '../text.ts';
import { clock } from '../time/clock.ts';
import { ago, fullTime } from '../time/format.ts';
import { tokenDaysLeft } from './health.ts';

export function HealthPanel(): JSX.Element {
  const status = useStore(statusStore);
  return (
    <SidePanel title={text.health.title}>
      {status ? <Facts status={status} /> : <p role="status">{text.loading}</p>}
    </SidePanel>
  );
}

function Facts({ status }: { readonly status: Status }): JSX.Element {
  const { account, findings, unchecked, checked_at, last_delivery_at, last_reconcile } = status;
  const now = useStore(clock);
  const days = tokenDaysLeft(status, now);
  const since = (iso: string | undefined) =>
    iso === undefined ? text.health.never : text.health.since(ago(Math.max(0, now - Date.parse(iso))));
  const facts: readonly (readonly [name: string, value: string, at: string | undefined])[] = [
    [
      text.health.account,
      account.username === undefined ? (account.ig_user_id ?? '–') : `@${account.username}`,
      undefined,
    ],
    [
      text.health.token,
      days === undefined
        ? text.health.tokenUnknown
        : days < 0
          ? text.health.tokenEnded
          : text.health.daysLeft(days),
      account.token_expires_at,
    ],
    [text.health.lastWebhook, since(last_delivery_at), last_delivery_at],
    [text.health.lastCompared, since(last_reconcile?.reconciled_at), last_reconcile?.reconciled_at],
    [text.health.lastCheck, since(checked_at), checked_at],
  ];
  return (
    <>
      <p class="health-summary">
        {checked_at === undefined
          ? text.health.checking
          : findings.length === 0
            ? text.health.well
            : text.health.findings(findings.length)}
      </p>
      <dl class="facts">
        {facts.map(([name, value, at]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd {...(at !== undefined && { title: fullTime(at) })}>{value}</dd>
          </div>
        ))}
      </dl>
      {findings.map(({ code, severity, is_likely, found, means, to_do, evidence = [] }) => (
        <section key={code} class={`finding ${severity}`}>
          <h3>
            {is_likely && <span class="badge agent">{text.health.likely}</span>} {found}
          </h3>
          <p>{means}</p>
          <p>
            <strong>{text.health.toDo}:</strong> {to_do}
          </p>
          {evidence.map((each) => (
            <p key={each} class="quiet">
              {each}
            </p>
          ))}
        </section>
      ))}
      {unchecked.length > 0 && (
        <section class="finding">
          <h3>{text.health.unchecked}</h3>
          {unchecked.map(({ check, why }) => (
            <p key={check}>
              <strong>{check}</strong>: {why}
            </p>
          ))}
        </section>
      )}
    </>
  );
}
