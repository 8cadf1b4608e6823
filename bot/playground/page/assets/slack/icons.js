/* The few drawings of the chat. They say nothing by themselves: whoever uses one gives it words. */
import { html } from "htm/preact";

const PATHS = {
  hash: "M7.5 3 6 17M14 3l-1.5 14M3.5 7.5h14M2.5 12.5h14",
  lock: "M5 9.5h10v7H5zM7 9.5V6.5a3 3 0 0 1 6 0v3",
  archive: "M3 4.5h14v3.5H3zM4.5 8v8h11V8M8 11h4",
  shared: "M8 11.5 12 8.5M7.2 8.3 5.3 10a3 3 0 0 0 4.2 4.2l1.2-1.1M12.8 11.7l1.9-1.7a3 3 0 0 0-4.2-4.2L9.3 6.9",
  threads: "M3.5 4h13v9h-7l-3.5 3.5V13h-2.5zM7 7.5h6M7 10h4",
  home: "M3.5 9.5 10 4l6.5 5.5M5.5 8.5V16h9V8.5",
  eye: "M2 10s3-5 8-5 8 5 8 5-3 5-8 5-8-5-8-5zM12.3 10a2.3 2.3 0 1 1-4.6 0 2.3 2.3 0 0 1 4.6 0z",
  plus: "M10 4v12M4 10h12",
  send: "M3 4l14 6-14 6 2-6zM5 10h6",
  down: "M10 4v11M5.5 10.5 10 15l4.5-4.5",
  close: "M5 5l10 10M15 5 5 15",
  chevron: "M5.5 8 10 12.5 14.5 8",
  window: "M8 4H4v12h12v-4M11 4h5v5M16 4l-7 7",
  bolt: "M11 2.5 4.5 11.5H10l-1 6 6.5-9H10z",
  horn: "M4 8v4h3l6 4V4L7 8zM15.5 7.5a4 4 0 0 1 0 5",
};

/** Draw an icon; screen readers pass over it. */
export function Icon({ name }) {
  return html`<svg class="conv-icon" viewBox="0 0 20 20" width="18" height="18" aria-hidden="true" focusable="false">
    <path d=${PATHS[name]} fill="none" stroke="currentColor" stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round" />
  </svg>`;
}
