/* Words of the messages part of the page. */
export default {
  en: {},
  zh: {},
};
