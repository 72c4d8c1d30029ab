"""Forms in which an address pretends to be a page of ours, or hides that it is none."""

from __future__ import annotations

BYPASSES = """
https://evil.vn
http://evil.vn/quan-tri/x
//evil.vn
//evil.vn/quan-tri/x
///evil.vn
////evil.vn/%2e%2e
/\\evil.vn
\\/evil.vn
\\\\evil.vn
/\\/evil.vn
https:evil.vn
https:/evil.vn
https:///evil.vn
javascript:alert(1)
JavaScript:alert(1)
data:text/html,x
vbscript:x
evil.vn
evil.vn/quan-tri/x
@evil.vn
/quan-tri@evil.vn
/quan-tri.evil.vn
/quan-tri:80@evil.vn
/quan-trix
/quan-tri
/quan-tri/
/quan-tri//evil.vn
/quan-tri/..//evil.vn
/quan-tri/../..//evil.vn
/quan-tri/../ket-qua
/quan-tri/./x
/quan-tri/%2e%2e/%2e%2e/x
/quan-tri/..;/x
/quan-tri/%2f%2fevil.vn
/quan-tri/%5cevil.vn
/quan-tri/\\evil.vn
/quan-tri/x\\y
/quan-tri/x@evil.vn
/quan-tri/x:y
/quan-tri/x#//evil.vn
/quan-tri/x?next=//evil.vn
/quan-tri/x?a=https://evil.vn
/quan-tri/x?a=<script>
/QUAN-TRI/x
/ quan-tri/x
/quan-tri /x
/quan－tri/x
／/evil.vn
/quan-tri/x․․/y
/ket-qua
/k/abc
?tiep=/quan-tri/x
#/quan-tri/x
""".strip("\n").split("\n")
