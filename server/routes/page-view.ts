/**
 * The page at `/` as HTML: what the agent watches, what it found and by which numbers, what waits for a person. It needs
 * no script and loads nothing; whatever comes from outside is text, never markup.
 */
import { html } from 'hono/html';
import type { Analysis } from '../domain/analysis/analyse.ts';
import type { Evidence, Finding } from '../domain/analysis/finding.ts';
import type { Snapshot } from '../domain/engines/snapshot.ts';
import type { Instance } from '../domain/instance.ts';
import type { FlagChange } from '../domain/optimization/flags.ts';
import type { Plan } from '../domain/optimization/plan.ts';
import { isFinal } from '../domain/workflows/states.ts';
import type { Workflow } from '../domain/workflows/workflow.ts';
import { htmlPage, type Markup } from './html-page.ts';

export const pageStyle = `
:root { color-scheme: light dark; background: Canvas; color: CanvasText; font: 15px/1.5 system-ui, sans-serif; --line: color-mix(in srgb, currentColor 22%, transparent); --soft: color-mix(in srgb, currentColor 6%, transparent); }
body { overflow-wrap: anywhere; max-width: 62rem; margin: 1.5rem auto; padding: 0 1rem; }
header { display: flex; flex-wrap: wrap; gap: 0 1.2rem; align-items: baseline; border-bottom: 1px solid var(--line); }
h1 { font-size: 1.35rem; margin: .4rem 0; } h2 { font-size: 1.1rem; margin: 1.8rem 0 .6rem; } h3 { font-size: 1rem; margin: 0; }
.card { border: 1px solid var(--line); border-radius: 8px; padding: .7rem 1rem; margin: .6rem 0; }
.head { display: flex; flex-wrap: wrap; gap: .2rem 1rem; align-items: baseline; }
.head h3 { overflow-wrap: anywhere; } .quiet { opacity: .75; font-size: .9rem; }
.badge { border: 1px solid currentColor; border-radius: 1rem; padding: 0 .6rem; font-size: .85rem; white-space: nowrap; }
.critical { color: light-dark(#a3112a, #ff8b97); } .high { color: light-dark(#9a3d00, #ffab70); }
.medium { color: light-dark(#7a5200, #f0c35e); } .well { color: light-dark(#12652f, #7fd99a); } .info { color: light-dark(#1c5a9c, #8ec3ff); }
.finding { margin: .6rem 0 0; } .finding p { margin: .1rem 0 .3rem; }
.wide { overflow-x: auto; } table { overflow-wrap: normal; border-collapse: collapse; font-size: .92rem; font-variant-numeric: tabular-nums; }
td, th { text-align: left; padding: .1rem 1.1rem .1rem 0; vertical-align: top; } th { font-weight: 600; }
td.n { text-align: right; } td.n, td.quiet { white-space: nowrap; } td.why { white-space: normal; } code { overflow-wrap: anywhere; }
form { display: flex; flex-wrap: wrap; gap: .5rem; margin: .7rem 0 0; align-items: end; }
label { flex: 1 1 16rem; font-size: .9rem; } input { display: block; box-sizing: border-box; width: 100%; font: inherit; padding: .35rem .5rem; margin-top: .15rem; }
button { font: inherit; padding: .35rem .9rem; border: 1px solid var(--line); border-radius: 6px; background: var(--soft); color: inherit; cursor: pointer; }
summary { cursor: pointer; } ul { margin: .3rem 0; padding-left: 1.2rem; }
`;

/** An instance with what is stored of it. */
export interface ShownInstance {
  readonly instance: Instance;
  /** Absent when nothing has been collected yet. */
  readonly latest: Snapshot | undefined;
  readonly analysis: Analysis;
}

export interface PageContent {
  readonly agentId: string;
  readonly version: string;
  readonly nowMs: number;
  /** The name of the key that asks. */
  readonly caller: string;
  /** Whether that key may approve and reject. */
  readonly mayDecide: boolean;
  readonly instances: readonly ShownInstance[];
  /** Where the next instances are; absent when these were the last. */
  readonly nextInstances: string | undefined;
  /** Somebody has to decide, newest first. */
  readonly waiting: readonly Workflow[];
  /** More wait than are shown. */
  readonly moreWaiting: boolean;
  /** Those at work, then the newest of the others. */
  readonly recent: readonly Workflow[];
}

export function statusPage(content: PageContent): Promise<string> {
  const { agentId, version, nowMs, caller, instances, nextInstances, waiting, moreWaiting, recent } = content;
  return document(
    `${agentId}: ${waiting.length === 0 ? 'nothing waits for you' : `${waiting.length}${moreWaiting ? '+' : ''} to decide`}`,
    html`<header>
        <h1>${agentId}</h1>
        <span class="quiet">performance agent ${version}</span>
        <span class="quiet">as of ${moment(nowMs)}</span>
        <span class="quiet">you are ${caller}</span>
        <span class="quiet"><a href="/">read again</a> · <a href="/docs">interface</a></span>
      </header>
      <h2 id="decisions">To decide</h2>
      ${waiting.length === 0 ? html`<p>No workflow waits for a decision.</p>` : ''}
      ${waiting.map((workflow) => waitingCard(workflow, content))}
      ${moreWaiting ? html`<p>More wait: <code>GET /api/v1/workflows?status=awaiting_approval</code>, or <code>inconclusive</code>, lists them.</p>` : ''}
      <h2 id="instances">Instances</h2>
      ${instances.length === 0 ? html`<p>None is registered: <code>PUT /api/v1/instances/{id}</code>.</p>` : ''}
      ${instances.map((shown) => instanceCard(shown, nowMs))}
      ${nextInstances === undefined ? '' : html`<p><a href="${nextInstances}">further instances</a></p>`}
      <h2 id="workflows">Workflows</h2>
      ${recent.length === 0 ? html`<p>None yet.</p>` : recentTable(recent)}`,
  );
}

/** What could not be done, for somebody who pressed a button. */
export function troublePage({ title, detail }: { readonly title: string; readonly detail: string }): Promise<string> {
  return document(
    title,
    html`<h1>${title}</h1>
      <p>${detail}</p>
      <p><a href="/">Back to the agent</a></p>`,
  );
}

const document = (title: string, body: Markup): Promise<string> =>
  htmlPage({ title, style: pageStyle, body: html`<main>${body}</main>` });

const moment = (ms: number): Markup => {
  const iso = new Date(ms).toISOString();
  return html`<time datetime="${iso}">${iso.slice(0, 19).replace('T', ' ')} UTC</time>`;
};

function agoOf(fromMs: number, nowMs: number): string {
  const seconds = Math.max(0, Math.round((nowMs - fromMs) / 1_000));
  if (seconds < 120) return `${seconds} s ago`;
  return seconds < 7_200 ? `${Math.round(seconds / 60)} min ago` : `${Math.round(seconds / 3_600)} h ago`;
}

function instanceCard({ instance, latest, analysis }: ShownInstance, nowMs: number): Markup {
  const { findings, score, not_evaluated: open } = analysis;
  return html`<article class="card" id="instance-${instance.id}">
    <div class="head">
      <h3>${instance.id}</h3>
      <span>${instance.engine}</span>
      ${standing(analysis)} ${score.value === null ? '' : html`<span>score <b>${score.value}</b> of 100</span>`}
      ${analysis.confidence === null ? '' : html`<span>confidence ${percent(analysis.confidence)}</span>`}
      <span class="quiet">
        ${latest === undefined ? 'nothing collected yet' : `page read ${agoOf(Date.parse(latest.taken_at), nowMs)}`}
      </span>
    </div>
    ${latest === undefined ? '' : levels(latest)} ${findings.map(findingPart)}
    ${
      open.length === 0
        ? ''
        : html`<details class="quiet">
            <summary>${open.length} not evaluated</summary>
            <ul>
              ${open.map(({ rule, reason }) => html`<li><code>${rule}</code>: ${reason}</li>`)}
            </ul>
          </details>`
    }
  </article>`;
}

/** In a word: the worst that was found, or that there is nothing to say. */
function standing({ findings, score }: Analysis): Markup {
  const [worst] = findings;
  if (worst !== undefined) return html`<span class="badge ${worst.severity}">${worst.severity}</span>`;
  return score.value === null
    ? html`<span class="badge">not judged</span>`
    : html`<span class="badge well">well</span>`;
}

function levels({ running, waiting, kv_usage: usage, requests_per_s: requests, ...rest }: Snapshot): Markup {
  const parts = [
    ['running', number(running)],
    ['waiting', number(waiting)],
    ['key-value cache', usage === null ? null : percent(usage)],
    ['requests/s', number(requests)],
    ['tokens/s', number(rest.generation_tokens_per_s)],
    ['first token p95', secondsOf(rest.ttft_s?.p95)],
  ] as const;
  const told = parts.filter(([, value]) => value !== null);
  return html`<p class="quiet">${told.map(([name, value]) => `${name} ${value ?? ''}`).join(' · ')}</p>`;
}

function findingPart({ rule, severity, cause, explanation, evidence }: Finding): Markup {
  return html`<section class="finding">
    <p>
      <b class="${severity}">${rule}</b> <span class="quiet">${severity}${cause === null ? '' : `, ${cause}`}</span>:
      ${explanation}
    </p>
    <div class="wide" tabindex="0" role="region" aria-label="Evidence of ${rule}">
      <table>
        <tbody>
          ${evidence.map(evidenceRow)}
        </tbody>
      </table>
    </div>
  </section>`;
}

function evidenceRow({ metric, value, unit, compared }: Evidence): Markup {
  return html`<tr>
    <td>${metric}</td>
    <td class="n">${number(value)} ${unit === 'ratio' ? '' : unit}</td>
    <td class="quiet">${compared === null ? '' : `${compared.op} ${compared.limit}`}</td>
  </tr>`;
}

function waitingCard(workflow: Workflow, { nowMs, mayDecide }: PageContent): Markup {
  const { id, instanceId, status, mode, progress, settings, updatedAtMs } = workflow;
  return html`<article class="card" id="workflow-${id}">
    <div class="head">
      <h3>${instanceId}</h3>
      <span class="badge medium">${status}</span>
      <span>${mode === 'dry_run' ? 'dry run: nothing is changed' : `stages ${settings.stages.join(', ')} %`}</span>
      <span class="quiet">since ${agoOf(updatedAtMs, nowMs)} · by ${progress.created_by ?? 'unknown'}</span>
      <span class="quiet"><code>${id}</code></span>
    </div>
    ${progress.reason === undefined ? '' : html`<p>${progress.reason}</p>`}
    ${changesPart(progress.changes ?? [], progress.plan)} ${(progress.analysis?.findings ?? []).map(findingPart)}
    ${observedPart(workflow)} ${guardPart(workflow)}
    ${mayDecide ? decisionForm(workflow) : html`<p class="quiet">Your key may not decide: it lacks the scope <code>approve</code>.</p>`}
  </article>`;
}

function changesPart(changes: readonly FlagChange[], plan: Plan | undefined): Markup {
  const risks = (plan?.actions ?? []).filter(({ flag }) => changes.some((change) => change.flag === flag));
  return html`<ul>
    ${changes.map(({ flag, from, to }) => html`<li><code>${flag}</code>: ${shown(from)} → <b>${shown(to)}</b></li>`)}
    ${risks.map(({ flag, risk }) => html`<li class="quiet">risk of <code>${flag}</code>: ${risk}</li>`)}
    ${plan?.restart === true ? html`<li class="quiet">the engine restarts for it</li>` : ''}
  </ul>`;
}

/**
 * One form, two buttons: each has an address of its own. Pressing twice has the effect of pressing once, and the key
 * `Enter` decides nothing: it would press the form's first button, which is disabled.
 */
function decisionForm(workflow: Workflow): Markup {
  const { id, instanceId, version } = workflow;
  return html`<p class="quiet">${consequences(workflow)}</p>
    <form method="post" action="/workflows/${id}/reject">
      <button disabled hidden></button>
      <input type="hidden" name="key" value="${crypto.randomUUID()}" />
      <input type="hidden" name="seen" value="${version}" />
      <label>Reason (optional)<input name="reason" maxlength="1000" autocomplete="off" /></label>
      <button formaction="/workflows/${id}/approve" aria-label="Approve ${instanceId}">Approve</button>
      <button aria-label="Reject ${instanceId}">Reject</button>
    </form>`;
}

/** What each button does, as `decisions.ts` has it. */
function consequences({ status, settings, progress }: Workflow): string {
  if (status === 'awaiting_approval')
    return `Approve begins with ${settings.stages[0] ?? 100} %. Reject ends it; nothing is changed.`;
  const next = settings.stages[(progress.stage_index ?? 0) + 1];
  return `Approve ${next === undefined ? 'completes it' : `goes on with ${next} %`}. Reject takes the change back.`;
}

/** What takes a stage back: whoever approves lets that through, too. */
function guardPart({ settings: { guard, monitor_s: monitorS } }: Workflow): Markup {
  return html`<p class="quiet">
    guard: each stage is watched for ${monitorS} s and taken back when the first token (p95) comes more than
    ${guard.max_ttft_p95_regress_pct} % later, tokens (p95) more than ${guard.max_itl_p95_regress_pct} % slower, or more
    than ${number(guard.max_error_rate * 100)} % of requests fail; it concludes nothing below ${guard.min_requests}
    requests
  </p>`;
}

/** For a stage that somebody has to judge: what was measured. */
function observedPart({ status, progress }: Workflow): Markup | string {
  const last = progress.observations?.at(-1);
  if (status !== 'inconclusive' || last === undefined) return '';
  return html`<div class="wide" tabindex="0" role="region" aria-label="Measured at ${last.stage} %">
    <table>
      <thead>
        <tr>
          <th>at ${last.stage} %</th>
          <th>before</th>
          <th>after</th>
          <th>guard</th>
          <th>verdict</th>
        </tr>
      </thead>
      <tbody>
        ${last.checks.map(
          ({ metric, verdict, before, after, limit }) =>
            html`<tr>
              <td>${metric}</td>
              <td class="n">${number(before)}</td>
              <td class="n">${number(after)}</td>
              <td>${limit}</td>
              <td>${verdict}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

function recentTable(workflows: readonly Workflow[]): Markup {
  return html`<div class="wide" tabindex="0" role="region" aria-label="Workflows">
    <table>
      <thead>
        <tr>
          <th>Made</th>
          <th>Instance</th>
          <th>State</th>
          <th>Change</th>
          <th>Why</th>
        </tr>
      </thead>
      <tbody>
        ${workflows.map(recentRow)}
      </tbody>
    </table>
  </div>`;
}

function recentRow({ instanceId, status, mode, createdAtMs, progress, settings }: Workflow): Markup {
  const changes = (progress.changes ?? []).map(({ flag, from, to }) => `${flag} ${shown(from)} → ${shown(to)}`);
  const over = isFinal(status) ? 'quiet' : '';
  return html`<tr>
    <td>${moment(createdAtMs)}</td>
    <td>${instanceId}</td>
    <td class="${over}">${status}${stageOf(progress, settings)}${mode === 'dry_run' ? ' (dry run)' : ''}</td>
    <td>${changes.join(', ')}</td>
    <td class="quiet why">${progress.reason ?? ''}</td>
  </tr>`;
}

/** How far a rollout that is at work is: its phase, and the percentage. */
function stageOf({ phase, stage_index: at }: Workflow['progress'], { stages }: Workflow['settings']): string {
  return phase === undefined || at === undefined ? '' : ` (${phase}, ${stages[at] ?? 100} %)`;
}

const shown = (value: FlagChange['to']): string => (value === null ? 'not set' : String(value));

// Made once: making one takes longer than all else about a number.
const large = new Intl.NumberFormat('en', { maximumSignificantDigits: 6 });
const small = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });

function number(value: number | null | undefined): string | null {
  if (value === null || value === undefined) return null;
  return (Math.abs(value) >= 1_000 ? large : small).format(value);
}

const percent = (share: number): string => `${Math.round(share * 100)} %`;

function secondsOf(value: number | null | undefined): string | null {
  const text = number(value);
  return text === null ? null : `${text} s`;
}
