SELECT stream_no, organisation, device, incarnation, kind FROM stream ORDER BY stream_no
