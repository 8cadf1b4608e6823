/* The simulated time to the millisecond, as it was heard last: for what is remembered of a deed, such as what was posted before
   it. Nothing is drawn again because of it; what is drawn asks useNow(), which ticks every second. */

let heard = new Date(0);

/** Take the time that an event tells. */
export const hearTime = (now) => (heard = new Date(now));

/** Return the time that was heard last. */
export const exactNow = () => heard;
