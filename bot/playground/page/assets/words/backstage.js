/* Words of the backstage part of the page. */
export default {
  en: {},
  zh: {},
};
