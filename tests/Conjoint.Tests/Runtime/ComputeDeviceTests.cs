using Conjoint.Runtime;
using TorchSharp;

namespace Conjoint.Tests.Runtime;

public class ComputeDeviceTests
{
    [Fact]
    public void Cpu_is_the_processor() => Assert.Equal(DeviceType.CPU, ComputeDevice.Resolve("cpu").type);

    [Fact]
    public void Auto_is_a_card_where_there_is_one() =>
        Assert.Equal(torch.cuda.is_available() ? DeviceType.CUDA : DeviceType.CPU, ComputeDevice.Resolve("auto").type);

    [Theory]
    [InlineData("cuda", 0)]
    [InlineData("cuda:0", 0)]
    [InlineData("cuda:13", 13)]
    public void A_card_has_a_number(string word, int index) => Assert.Equal(index, ComputeDevice.Parse(word));

    [Theory]
    [InlineData("")]
    [InlineData("gpu")]
    [InlineData("CPU")]
    [InlineData("cuda:")]
    [InlineData("cuda:-1")]
    [InlineData("cuda:1x")]
    public void Other_words_are_refused(string word) =>
        Assert.Equal($"device {word}: unknown device; expected one of auto, cpu, cuda, cuda:N.", Assert.Throws<ConfigurationException>(() => ComputeDevice.Resolve(word)).Message);

    [Fact]
    public void A_card_that_is_not_there_is_refused_with_advice()
    {
        var message = Assert.Throws<ConfigurationException>(() => ComputeDevice.Resolve("cuda:4096")).Message;
        Assert.StartsWith("device cuda:4096: ", message, StringComparison.Ordinal);
        Assert.Contains(torch.cuda.is_available() ? "expected cuda:0" : "CONJOINT_LIBTORCH", message, StringComparison.Ordinal);
    }
}
