"""Whether interviews are honest: flags that open a review, and what people find out about them."""
