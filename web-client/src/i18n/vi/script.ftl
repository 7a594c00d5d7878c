# Kịch bản điều hành (PRODUCT 3.9). Names in braces, as { $present }, are filled with the numbers of the moment.
script-title = Kịch bản
script-now = Lời dẫn lúc này
script-book = Cả kịch bản
script-book-title = Kịch bản điều hành
script-book-text = Chữ trong ngoặc nhọn được thay bằng số liệu lúc đọc. Bỏ trống để dùng lại mẫu.
script-edit = Sửa lời dẫn
script-read = Xem như khi đọc
script-save = Lưu lời dẫn
script-saved = Đã lưu lời dẫn
script-template = Dùng lại mẫu
script-by = { $person } sửa lúc { $time }
script-from-template = Theo mẫu
script-print = In kịch bản
script-printed = In lúc { $time }
script-nobody = chưa có
script-lead = Đọc số liệu hiện tại; số liệu thay đổi theo phiên họp.

# The names that may stand in braces in a text written by hand, and their places in the templates.
script-name-present = có mặt
script-name-total = tổng số
script-name-needed = cần có mặt
script-name-sites = số điểm cầu
script-name-item = nội dung
script-name-minutes = số phút
script-name-next = người tiếp theo
script-name-after = người chuẩn bị
script-name-speaker = người phát biểu
script-name-chair = chủ tọa
script-name-body = cơ quan
script-name-sitting = kỳ họp
script-name-time = giờ

script-lobby = Kính đề nghị các vị đại biểu, khách mời tại hội trường và { $sites } điểm cầu ổn định chỗ ngồi, kiểm tra micrô và đường truyền. Thư ký đang điểm danh: có mặt { $present }/{ $total } đại biểu, cần ít nhất { $needed } đại biểu để tiến hành.
script-opening = Kính thưa các vị đại biểu, kính thưa quý khách mời. Theo báo cáo của thư ký, có { $present }/{ $total } đại biểu Hội đồng nhân dân có mặt tại hội trường và { $sites } điểm cầu, đủ số đại biểu theo quy định. Tôi tuyên bố khai mạc { $sitting }.
script-break = Phiên họp tạm nghỉ. Đề nghị các vị đại biểu trở lại vị trí lúc { $time }.
script-break-open = Phiên họp tạm nghỉ. Đề nghị các vị đại biểu không rời điểm cầu.
script-closed = { $sitting } đã bế mạc. Trân trọng cảm ơn các vị đại biểu và quý khách mời.
script-roll = Thư ký gọi tên, đề nghị đại biểu được gọi trả lời “Có mặt”.
script-item-next = Nội dung tiếp theo: { $item }, dự kiến { $minutes } phút.
script-item-opening = Kính thưa các vị đại biểu, phiên họp thực hiện nội dung: { $item }. Có mặt { $present }/{ $total } đại biểu.
script-item-report = Tiếp theo chương trình, xin mời { $next } trình bày: { $item }.
script-item-debate = Chuyển sang nội dung: { $item }, dự kiến { $minutes } phút. Đại biểu đăng ký phát biểu trên thiết bị, hoặc báo trưởng điểm cầu. Đề nghị phát biểu ngắn gọn, đúng trọng tâm và đúng thời gian.
script-item-questioning = Chuyển sang nội dung chất vấn: { $item }. Đề nghị đại biểu nêu câu hỏi ngắn gọn; người bị chất vấn trả lời thẳng vào nội dung câu hỏi. Đại biểu tranh luận đăng ký trên thiết bị.
script-item-explanation = Chuyển sang nội dung giải trình: { $item }. Đề nghị người giải trình nêu rõ thực trạng, nguyên nhân, trách nhiệm và thời hạn khắc phục.
script-item-vote = Hội đồng nhân dân tiến hành biểu quyết: { $item }. Tổng số { $total } đại biểu, có mặt { $present }.
script-item-ceremony = Trân trọng kính mời các vị đại biểu thực hiện nghi thức: { $item }.
script-item-conclusion = Sau khi nghe ý kiến của các vị đại biểu, tôi kết luận nội dung: { $item } như sau.
script-item-closing = Kính thưa các vị đại biểu, { $sitting } đã hoàn thành chương trình. Trân trọng cảm ơn các vị đại biểu tại hội trường và { $sites } điểm cầu. Tôi tuyên bố bế mạc.
script-next = Xin mời đại biểu { $next } phát biểu{ $minutes ->
    [0] {""}
   *[other] {", "}thời gian { $minutes } phút
  }. Xin mời đại biểu { $after } chuẩn bị.
script-next-last = Xin mời đại biểu { $next } phát biểu{ $minutes ->
    [0] {""}
   *[other] {", "}thời gian { $minutes } phút
  }.
script-thanks = Xin cảm ơn đại biểu { $speaker }.
script-turn = Khi đại biểu { $speaker } nói xong:
script-turn-last = Đề nghị đại biểu { $speaker } kết thúc ý kiến; thời gian phát biểu sắp hết.
script-turn-over = Đề nghị đại biểu { $speaker } dừng ý kiến. Nội dung còn lại xin gửi bằng văn bản.
script-turn-lost = Điểm cầu của đại biểu { $speaker } mất kết nối. Phiên họp giữ quyền phát biểu, xin các vị đại biểu chờ trong giây lát.
script-waiting = Xin hỏi còn vị đại biểu nào đăng ký phát biểu không?
script-vote-open = Xin ý kiến biểu quyết: { $title }. Các phương án: { $choices }. Cần ít nhất { $needed }/{ $total } đại biểu tán thành. Đề nghị các vị đại biểu biểu quyết.
script-vote-paused = Biểu quyết tạm dừng. Đề nghị các vị đại biểu giữ nguyên vị trí.
script-vote-checking = Biểu quyết đã đóng. Đại biểu kiểm tra phiếu của mình; ai thấy ghi sai đề nghị báo ngay.
script-vote-carried = Kết quả biểu quyết: { $favour }/{ $total } đại biểu tán thành, bằng { $share } % tổng số đại biểu. Như vậy, Hội đồng nhân dân đã thông qua: { $title }.
script-vote-not-carried = Kết quả biểu quyết: { $favour }/{ $total } đại biểu tán thành, bằng { $share } % tổng số đại biểu. Như vậy, nội dung { $title } chưa được thông qua.
script-vote-list = Kết quả biểu quyết “{ $title }” đã hiện trên màn hình.
