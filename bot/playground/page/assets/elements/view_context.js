/* What an element may ask of the modal it stands in. */
import { createContext } from "preact";
import { useContext } from "preact/hooks";

export const ViewContext = createContext(null);

/** Return {submit} of the modal around; null outside of one. */
export const useView = () => useContext(ViewContext);
