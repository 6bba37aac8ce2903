"""Pure: the cursor, the selection and every verb of the annotator over one annotation set."""
