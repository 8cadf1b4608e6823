/* Words of the conversation part of the page. */
export default {
  en: {},
  zh: {},
};
