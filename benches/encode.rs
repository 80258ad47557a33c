//! Writing the arguments of a message, without a queue and without a clock.

use std::hint::black_box;
use std::time::Duration;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use dlt::types::Format;
use dlt::wire::arguments::{Arguments, Coding, Refused};

/// What a message may hold with the settings a program starts with.
const STAGING: usize = 1390;

fn mixed(buffer: &mut [u8], number: i32) -> Result<usize, Refused> {
    let mut arguments = Arguments::resume(buffer, 0, 0, true);
    arguments.int32(-number)?;
    arguments.uint32(number.cast_unsigned())?;
    arguments.string(b"short str", Coding::Ascii)?;
    arguments.float64(f64::from(number))?;
    Ok(arguments.size())
}

fn encode(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("encode");
    group.throughput(Throughput::Elements(1));
    let mut buffer = [0; STAGING];

    group.bench_function("int, uint, string, double", |bencher| {
        let mut number = 0;
        bencher.iter(|| {
            number += 1;
            mixed(black_box(&mut buffer), black_box(number))
        });
    });
    group.bench_function("string of 200 bytes", |bencher| {
        let text = [b'x'; 200];
        bencher.iter(|| {
            let mut arguments = Arguments::resume(black_box(&mut buffer), 0, 0, true);
            arguments.string(black_box(&text), Coding::Ascii)
        });
    });
    group.bench_function("1 KiB raw", |bencher| {
        let data = [0x5a; 1024];
        bencher.iter(|| {
            let mut arguments = Arguments::resume(black_box(&mut buffer), 0, 0, true);
            arguments.raw(black_box(&data), Format::Default)
        });
    });
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(1))
        .sample_size(50);
    targets = encode
}
criterion_main!(benches);
