/* The tour's ring and box as they are drawn; where they lie is spot.js's, what they say tour.js's. */
import { html } from "htm/preact";

/**
 * Draw the box of one step. `say` is the key of its hint, `words` are finished sentences; `offer`, `show` and `back` are deeds or null.
 * The text is announced when it changes; the focus stays where it is.
 */
export function Box({ say, words, offer, show, back, next, dismiss }) {
  return html`<div class="guide-ring" hidden></div>
    <section class="guide-box" data-part="tour" data-say=${say} tabindex="-1" aria-label=${words.label}>
      <header class="guide-head">
        <span class="guide-count">${words.count}</span>
        <button type="button" class="guide-dismiss" data-part="tour-dismiss" aria-label=${words.dismiss} title=${words.dismiss} onClick=${dismiss}>
          <svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true"><path d="M3 3l10 10M13 3L3 13" stroke="currentColor" stroke-width="2" stroke-linecap="round" /></svg>
        </button>
      </header>
      <div aria-live="polite" aria-atomic="true">
        <h2 class="guide-title">${words.title}</h2>
        <p class="guide-text" data-part="tour-text">${words.text}</p>
      </div>
      <footer class="guide-foot">
        ${back && html`<button type="button" class="guide-button" data-part="tour-back" onClick=${back}>${words.back}</button>`}
        <span class="guide-space"></span>
        <button type="button" class="guide-button" data-part="tour-next" onClick=${next}>${words.next}</button>
        ${show && html`<button type="button" class="guide-button guide-primary" data-part="tour-show" onClick=${show}>${words.show}</button>`}
        ${offer && html`<button type="button" class="guide-button guide-primary" data-part="tour-do" onClick=${offer}>${words.offer}</button>`}
      </footer>
    </section>`;
}
