/* Words of the guide part of the page. */
export default {
  en: {},
  zh: {},
};
