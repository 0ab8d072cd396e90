//! requantise IN.gguf OUT.gguf: every tensor that is neither f32 nor Q8_0 becomes Q8_0.

use candle_core::Device;
use candle_core::quantized::{GgmlDType, QTensor, gguf_file};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, input, output] = arguments.as_slice() else {
        return Err("usage: requantise IN.gguf OUT.gguf".into());
    };
    let mut reader = std::io::BufReader::new(std::fs::File::open(input)?);
    let content = gguf_file::Content::read(&mut reader)?;
    let mut tensors = Vec::new();
    for name in content.tensor_infos.keys() {
        let tensor = content.tensor(&mut reader, name, &Device::Cpu)?;
        let keep = matches!(tensor.dtype(), GgmlDType::F32 | GgmlDType::Q8_0);
        tensors.push((
            name.as_str(),
            if keep {
                tensor
            } else {
                QTensor::quantize(&tensor.dequantize(&Device::Cpu)?, GgmlDType::Q8_0)?
            },
        ));
    }
    let metadata: Vec<(&str, &gguf_file::Value)> =
        content.metadata.iter().map(|(key, value)| (key.as_str(), value)).collect();
    let held: Vec<(&str, &QTensor)> = tensors.iter().map(|(name, tensor)| (*name, tensor)).collect();
    gguf_file::write(&mut std::io::BufWriter::new(std::fs::File::create(output)?), &metadata, &held)?;
    Ok(())
}
