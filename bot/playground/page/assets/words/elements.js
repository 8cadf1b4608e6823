/* Words of the elements part of the page. */
export default {
  en: {},
  zh: {},
};
