/* Words of the side part of the page. */
export default {
  en: {},
  zh: {},
};
