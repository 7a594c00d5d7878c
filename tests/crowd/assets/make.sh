#!/bin/sh
# Makes the pictures and the speech that the demonstration's rooms send: for each room a loop of VP8 in IVF with a key
# frame every second (so that a picture loss indication is answered by jumping to the next one), and a few sentences as
# Opus in Ogg. Everything is drawn and spoken here; no picture or voice of a person is used.
#
# Needs the Debian packages ffmpeg, espeak-ng and fonts-noto-core. Usage: tests/crowd/assets/make.sh
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM

font=/usr/share/fonts/truetype/noto/NotoSans-Bold.ttf
[ -f "$font" ] || font=/usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf
seconds=8
rate=12

# One person: a head and shoulders, as a term of a geq expression. $1 = x of the middle, $2 = y of the head, $3 = radius.
person() {
  printf '(lt(hypot(X-%d,(Y-%d)*0.9),%d)+lt(hypot((X-%d)*0.62,Y-%d),%d))' \
    "$1" "$2" "$3" "$1" "$(($2 + $3 * 3))" "$(($3 * 2))"
}

# picture NAME TITLE SUBTITLE WALL(r g b) PEOPLE...
picture() {
  name=$1 title=$2 subtitle=$3 r=$4 g=$5 b=$6
  shift 6
  heads=0
  for x in "$@"; do heads="$heads+$(person "$x" 232 21)"; done
  # A wall that darkens towards the corners, a long table, and people behind it.
  light="(1-0.45*hypot((X-320)/420,(Y-120)/300))"
  table="gt(Y,282)"
  edge="between(Y,282,288)"
  channel() { # wall, person, table, edge
    printf 'if(%s,%d,if(%s,%d,if(gt(%s,0),%d,%d*%s)))' "$edge" "$4" "$table" "$3" "$heads" "$2" "$1" "$light"
  }
  ffmpeg -v error -y -f lavfi -i "color=black:s=640x360:r=1:d=1" -frames:v 1 -vf \
    "format=gbrp,geq=r='$(channel "$r" 34 92 140)':g='$(channel "$g" 38 58 96)':b='$(channel "$b" 48 40 66)'" "$work/wall.png"
  printf '%s' "$title" >"$work/title"
  printf '%s' "$subtitle" >"$work/subtitle"
  # What moves shows that the picture lives: a lamp that walks along the table's edge and back, and a running bar. Both
  # return to their start with the loop, so the seam is not seen.
  ffmpeg -v error -y -loop 1 -framerate $rate -t $seconds -i "$work/wall.png" \
    -f lavfi -i "color=0xf3c969:s=26x6:r=$rate:d=$seconds" -f lavfi -i "color=0xffffff:s=120x3:r=$rate:d=$seconds" \
    -filter_complex "[0:v]drawbox=x=0:y=24:w=640:h=112:color=black@0.34:t=fill,\
drawtext=fontfile=$font:textfile=$work/title:fontsize=46:fontcolor=white:x=(w-tw)/2:y=36,\
drawtext=fontfile=$font:textfile=$work/subtitle:fontsize=21:fontcolor=0xf3c969:x=(w-tw)/2:y=100[a];\
[a][1:v]overlay=x='307+287*sin(2*PI*t/$seconds)':y=282:eval=frame[b];\
[b][2:v]overlay=x='mod(760*t/$seconds,760)-120':y=355:eval=frame,format=yuv420p[v]" \
    -map "[v]" -t $seconds -r $rate -c:v libvpx -b:v 200k -minrate 40k -maxrate 260k -bufsize 300k -g $rate -keyint_min $rate \
    -deadline good -cpu-used 0 -auto-alt-ref 0 -lag-in-frames 0 -error-resilient 1 -threads 1 \
    -fflags +bitexact -flags:v +bitexact -f ivf "$name.ivf"
}

# speech NAME VOICE PITCH SPEED TEXT
speech() {
  espeak-ng -v "$2" -p "$3" -s "$4" -g 4 -w "$work/$1.wav" "$5"
  ffmpeg -v error -y -i "$work/$1.wav" -af "highpass=f=90,loudnorm=I=-20:TP=-2,apad=pad_dur=1.2" -ar 48000 -ac 1 \
    -c:a libopus -b:a 24k -vbr on -frame_duration 20 -application voip -fflags +bitexact -flags:a +bitexact \
    -map_metadata -1 -page_duration 20000 "$1.ogg"
}

picture hall "HỘI TRƯỜNG" "Kỳ họp Hội đồng nhân dân thành phố" 122 30 38 112 216 320 424 528
picture ward-1 "ĐIỂM CẦU SỐ 1" "Nhà văn hóa phường" 34 84 96 200 320 440
picture ward-2 "ĐIỂM CẦU SỐ 2" "Hội trường Ủy ban nhân dân phường" 52 92 58 150 263 377 490
picture ward-3 "ĐIỂM CẦU SỐ 3" "Phòng họp Ủy ban nhân dân xã" 96 74 44 235 405

speech hall vi 42 150 "Kính thưa Hội đồng nhân dân. Kính thưa các vị đại biểu. Từ hội trường, tôi xin báo cáo thêm về tiến độ \
giải ngân vốn đầu tư công. Đến nay thành phố đã giải ngân được sáu mươi hai phần trăm kế hoạch. Tôi đề nghị các phường rà soát, \
công khai từng hạng mục chậm tiến độ, và báo cáo lại trước kỳ họp tới. Xin cảm ơn chủ tọa."
speech ward-1 vi 62 158 "Kính thưa chủ tọa kỳ họp. Từ điểm cầu số một, cử tri phường chúng tôi kiến nghị sớm sửa tuyến đường \
ven sông. Mùa mưa vừa qua, đoạn này ngập ba lần, học sinh phải nghỉ học. Đề nghị thành phố bố trí vốn ngay trong quý tới. \
Chúng tôi xin hết ý kiến. Trân trọng cảm ơn."
speech ward-2 vi-vn-x-south 30 152 "Kính thưa Hội đồng. Từ điểm cầu số hai, tôi xin góp ý về quy hoạch chợ trung tâm. Bà con tiểu thương \
đồng thuận di dời, nhưng mong có lộ trình rõ ràng, và được hỗ trợ mặt bằng tạm trong sáu tháng. Tôi cũng đề nghị công khai \
phương án trên cổng thông tin. Xin cảm ơn."
speech ward-3 vi-vn-x-central 75 146 "Kính thưa chủ tọa. Từ điểm cầu số ba, chúng tôi đề nghị quan tâm trạm y tế của xã. Trạm hiện có bốn phòng, \
phục vụ hơn mười hai nghìn dân. Nếu được cấp thêm một bác sĩ và máy siêu âm, người dân sẽ không phải đi xa. Tôi xin hết."
# What a delegate answers when the secretary calls the name.
speech present vi 50 150 "Có mặt!"

ls -l ./*.ivf ./*.ogg
