'use strict';

const RETRY_MS = 2000;
const SILENCE_MS = 45000; // three heartbeats
const VIEWS_EVERY_MS = 5000;
const MOST_ENDED = 10;
const KEY = 'carillon-token';

const jobs = new Map();
const ended = new Map();
let views = [];
let clockOffset = 0; // the server's clock less this one's, in milliseconds
let connection = { live: false, since: Date.now(), why: 'connecting' };

const $ = id => document.getElementById(id);
const number = new Intl.NumberFormat('en');
const serverNow = () => Date.now() + clockOffset;

/** The token is kept for this tab only. */
function credentials() {
  const token = sessionStorage.getItem(KEY) || '';
  if (!token) return {};
  return token.startsWith('ck_') ? { 'x-api-key': token } : { Authorization: 'Bearer ' + token };
}

/** Fetches; null, and a form to log in, if the caller is not known or may not see it. */
async function ask(path, options) {
  const response = await fetch(path, {
    ...options, cache: 'no-store', headers: { ...credentials(), ...options.headers },
  });
  if (response.status === 401 || response.status === 403) {
    askForToken(response.status);
    return null;
  }
  if (!response.ok) throw new Error('the server answers ' + response.status);
  return response;
}

function askForToken(status) {
  const had = sessionStorage.getItem(KEY);
  $('login').hidden = false;
  $('login-error').textContent = !had ? ''
    : status === 401 ? 'This token is not known, or has expired.' : 'The role of this token may not see jobs.';
}

/** Calls back with each event of the stream until it ends. */
async function follow(onEvent) {
  const stop = new AbortController();
  let timer = setTimeout(() => stop.abort(), SILENCE_MS);
  try {
    const response = await ask('v1/jobs/events',
      { headers: { Accept: 'text/event-stream' }, signal: stop.signal });
    if (response === null) return false;
    $('login').hidden = true;
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let buffer = '';
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return true;
      clearTimeout(timer);
      timer = setTimeout(() => stop.abort(), SILENCE_MS);
      const blocks = (buffer + value).split('\n\n');
      buffer = blocks.pop();
      blocks.forEach(block => dispatch(block, onEvent));
    }
  } finally {
    clearTimeout(timer);
  }
}

function dispatch(block, onEvent) {
  let name = '';
  let data = '';
  for (const line of block.split('\n')) {
    if (line.startsWith('event: ')) name = line.slice(7);
    if (line.startsWith('data: ')) data += line.slice(6);
  }
  if (data) onEvent(name, JSON.parse(data));
}

function noteClock(job) {
  clockOffset = Date.parse(job.as_of) + job.lag_ms - Date.now();
}

function onEvent(name, data) {
  connection = { live: true, since: Date.now(), why: '' };
  switch (name) {
    case 'jobs':
      jobs.clear();
      data.jobs.forEach(job => { noteClock(job); jobs.set(job.job_id, job); });
      break;
    case 'state':
      noteClock(data);
      jobs.set(data.job_id, data);
      ended.delete(data.job_id);
      break;
    case 'end':
      if (jobs.has(data.job_id)) {
        ended.set(data.job_id, { ...jobs.get(data.job_id), status: data.status });
        jobs.delete(data.job_id);
        while (ended.size > MOST_ENDED) ended.delete(ended.keys().next().value);
      }
      break;
    case 'progress':
      jobs.forEach(job => { if (Date.parse(job.as_of) < Date.parse(data.as_of)) job.as_of = data.as_of; });
      break;
  }
  show();
}

let retrying = 0;

/** Follows the stream, and again when it ends; waits for a token where one is needed. */
async function watchJobs() {
  clearTimeout(retrying);
  try {
    const ended = await follow(onEvent);
    lost(ended ? 'the stream ended' : 'a token is needed');
    if (!ended) return;
  } catch (error) {
    lost(error.name === 'AbortError' ? 'nothing was heard' : error.message);
  }
  retrying = setTimeout(watchJobs, RETRY_MS);
}

function lost(why) {
  connection = { live: false, since: connection.live ? Date.now() : connection.since, why };
  show();
}

let looking = 0;

async function watchViews() {
  clearTimeout(looking);
  try {
    const response = await ask('v1/cache/status', {});
    if (response === null) return;
    views = (await response.json()).views.map(view => ({ ...view, at: Date.now() }));
    show();
  } catch { /* The connection's line says that already. */ }
  looking = setTimeout(watchViews, VIEWS_EVERY_MS);
}

function span(seconds) {
  if (seconds < 120) return Math.max(0, Math.floor(seconds)) + ' s';
  if (seconds < 7200) return Math.floor(seconds / 60) + ' min';
  return Math.floor(seconds / 3600) + ' h';
}

const clock = time => new Date(time).toLocaleTimeString('en-GB');

/** How fresh a job's numbers are, in words. */
function freshness(job) {
  const age = (serverNow() - Date.parse(job.as_of)) / 1000;
  const how = job.data_source === 'cached'
    ? `cached, tier ${job.tier}` : 'counted live';
  const took = job.cache_refresh_duration_ms === undefined ? ''
    : `, refreshed in ${number.format(job.cache_refresh_duration_ms)} ms`;
  const slow = age * 1000 > job.slo_ms ? `, older than the ${span(job.slo_ms / 1000)} it may be` : '';
  return `${how}, ${job.exact ? 'exact' : 'NOT EXACT'} as of ${clock(job.as_of)}, ${span(age)} ago${took}${slow}`;
}

/** One list item for each entry, made once and then changed, so that nothing jumps. */
function fill(list, template, entries, id, render) {
  const items = new Map([...list.children].map(item => [item.dataset.id, item]));
  entries.forEach((entry, index) => {
    let item = items.get(id(entry));
    if (!item) {
      item = $(template).content.firstElementChild.cloneNode(true);
      item.dataset.id = id(entry);
    }
    items.delete(id(entry));
    if (list.children[index] !== item) list.insertBefore(item, list.children[index] || null);
    render(entry, item, (part, text, kind) => {
      const element = item.querySelector(part);
      if (element.textContent !== text) element.textContent = text;
      if (kind !== undefined && element.dataset.kind !== kind) {
        element.classList.remove('good', 'bad');
        if (kind) element.classList.add(kind);
        element.dataset.kind = kind;
      }
    });
  });
  items.forEach(item => item.remove());
}

function renderJob(job, item, set) {
  const name = job.bucket + '/' + job.prefix;
  const percent = Number(job.progress_percent).toFixed(2);
  item.title = job.job_id;
  set('h3', name);
  set('.percent', `${percent} % ${job.status}`);
  const bar = item.querySelector('progress');
  bar.value = Number(job.progress_percent);
  bar.setAttribute('aria-label', 'Progress of ' + name);
  const done = job.succeeded + job.failed;
  set('.counts', `${number.format(done)} of ${number.format(job.total)} objects, `
    + `${number.format(job.processing)} in work, ${number.format(job.failed)} failed, `
    + `${number.format(job.total_findings)} findings`);
  set('.fresh', freshness(job), job.exact ? '' : 'bad');
  set('.reason', job.reason || '');
}

function renderView(view, item, set) {
  const age = view.staleness_seconds === null ? null
    : view.staleness_seconds + (Date.now() - view.at) / 1000;
  set('h3', view.view);
  set('.state', view.stale ? 'STALE' : view.exact ? 'fresh' : 'not exact',
    view.stale || !view.exact ? 'bad' : 'good');
  const kept = `tier ${view.tier}`;
  set('.fresh', age === null ? `${kept}, never filled yet`
    : `${kept}, ${span(age)} old; ${span(view.objective_seconds)} allowed`);
  const rating = view.rating === null ? ''
    : `last refresh ${number.format(view.last_duration_ms ?? 0)} ms: ${view.rating}; `;
  const pending = view.pending_changes === null ? ''
    : `; ${number.format(view.pending_changes)} changes to fold in`;
  set('.counts', `${rating}${number.format(view.refreshes)} refreshes, `
    + `${number.format(view.failures)} failed in 24 h${pending}`);
  set('.reason', view.reason || view.last_error || '');
}

/** Said only when it changes: it is read aloud. */
function say(element, text, isLost) {
  if (element.textContent !== text) element.textContent = text;
  element.classList.toggle('lost', isLost);
}

function show() {
  say($('connection'), connection.live ? 'live'
    : `not live since ${clock(connection.since)}: ${connection.why}`, !connection.live);
  const active = [...jobs.values()].sort((a, b) => b.created_at.localeCompare(a.created_at));
  $('jobs-count').textContent = connection.live ? `(${number.format(active.length)})` : '';
  $('no-jobs').hidden = !connection.live || active.length > 0;
  fill($('jobs'), 'job', active, job => job.job_id, renderJob);
  $('ended-section').hidden = ended.size === 0;
  fill($('ended'), 'job', [...ended.values()].reverse(), job => job.job_id, renderJob);
  fill($('views'), 'view', views, view => view.view, renderView);
}

$('login').addEventListener('submit', event => {
  event.preventDefault();
  sessionStorage.setItem(KEY, $('token').value.trim());
  $('token').value = '';
  watchJobs();
  watchViews();
});

watchJobs();
watchViews();
setInterval(show, 1000);
