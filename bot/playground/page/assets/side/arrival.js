/* What becomes of a push on one phone, by the way that it comes: shown, refused, silent, recalled. Values in, values out;
   the limits are limits.js's, the drawing is notification.js's. */
import { ANDROID, HARMONYOS, judge, wayOf } from "./limits.js";

/**
 * Return what happened on a phone, newest first: [{task, way, kind, judged}]. `kind` is
 * "shown"; "refused" (the vendor did not deliver it, see judged.faults); "silent" and "data" (for the app, nothing is
 * shown); "recalled" (it was shown and taken back).
 */
export function arrivals(tasks, way) {
  return tasks
    .filter((task) => task.DeliveryType === way.platform)
    .map((task) => arrival(task, takenWay(task, way)))
    .reverse();
}

/** Return what became of the newest push on a phone, or nothing. */
export function newestArrival(tasks, way) {
  const newest = tasks.findLast((task) => task.DeliveryType === way.platform);
  return newest && arrival(newest, takenWay(newest, way));
}

function arrival(task, way) {
  const judged = judge(way, { title: task.Title, body: task.Content, rest: restOf(task) });
  return { task, way, judged, kind: kindOf(task, way, judged) };
}

/** What an app needs beside the text counts for the size of a message (help page 311229). */
const restOf = (task) => task.Uri + (Object.keys(task.ExtendedParams).length ? JSON.stringify(task.ExtendedParams) : "");

/** A push for mPaaS's own channel alone takes that, whatever phone it is (help pages 2871129 and 2871127). */
function takenWay(task, way) {
  const own = way.platform === ANDROID && (task.AndroidChannel === 1 || task.NotifyType === "transparent");
  return own ? wayOf("own") : way;
}

function kindOf(task, way, judged) {
  if (way.key && task.TransparentMessagePayload[way.key]) return "data";
  if (judged.faults.length) return "refused";
  if (isSilent(task)) return "silent";
  return task.RevokedAt ? "recalled" : "shown";
}

/** What the push says about silence goes before what its template says. */
const isSilent = (task) => (task.Silent === null ? task.ShowStyle === "1" : task.Silent === 1);

/** Return the number on the app's icon after all of these: `badge` sets it, on Huawei `badge_add_num` adds (help page 2871133). */
export function badgeAfter(arrived) {
  return arrived
    .filter(({ kind }) => kind === "shown" || kind === "silent" || kind === "recalled")
    .reduceRight((number, { task, way }) => {
      const { badge, badge_add_num: more } = task.ExtendedParams;
      const set = badge === undefined ? number : Number(badge);
      return set + (way.id === "huawei" && more !== undefined ? Number(more) : 0);
    }, 0);
}

const PICTURE = "2";
const BIG_TEXT = "1";

/** Return the address of the picture that a phone shows, or "" (template's PushStyle, help page 2882067). */
export function pictureOn(task, way) {
  if (task.PushStyle !== PICTURE || (way.platform !== ANDROID && way.platform !== HARMONYOS)) return "";
  const pictures = parsed(task.ImageUrls);
  return typeof pictures === "string" ? pictures : (pictures[way.image] ?? pictures.defaultUrl ?? "");
}

function parsed(text) {
  try {
    const value = JSON.parse(text);
    return value && typeof value === "object" ? value : text;
  } catch {
    return text;
  }
}

/** Tell whether the text is shown whole from the start: a big-text template, or `big_text` where it has a meaning. */
export function isBigText(task, way) {
  const asked = String(task.ExtendedParams.big_text ?? "") === "1" && ["xiaomi", "huawei"].includes(way.id);
  return task.PushStyle === BIG_TEXT || asked;
}

/** Return where a tap leads: {uri, action, parameters}; what the push says about the action goes before its template. */
export function leadsTo(task) {
  const action = task.PushAction ?? Number(task.JumpAction || 0);
  return { uri: task.Uri, action, parameters: Object.entries(task.ExtendedParams) };
}
