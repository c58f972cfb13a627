using System.Text;
using Mayu.Storage.Records;

namespace Mayu.Storage.Tests.Records;

public class FieldChangesTests
{
    // A record that hands had committed with one of these made every look at the machine's history fail.
    [Theory]
    [InlineData("""{"Serial":"\ud800"}""")]
    [InlineData("""{"A":{"A":1,"A":2}}""")]
    [InlineData("""{"\udc00":1}""")]
    public void A_record_that_is_no_text_has_no_fields(string record) =>
        Assert.Equal(["Profile"], FieldChanges.Between(Encoding.UTF8.GetBytes(record), """{"Profile":"core"}"""u8.ToArray()).Select(change => change.Name));

    [Fact]
    public void A_record_that_is_no_utf8_too_deep_or_too_long_has_none_either()
    {
        Assert.Empty(FieldChanges.Between([(byte)'{', (byte)'"', 0x82, (byte)'"', (byte)':', (byte)'1', (byte)'}'], null));
        Assert.Empty(FieldChanges.Between(Encoding.UTF8.GetBytes("{\"A\":" + new string('[', 100_000)), null));
        Assert.Empty(FieldChanges.Between(Encoding.UTF8.GetBytes("{\"A\":" + new string('[', 40) + new string(']', 40) + "}"), null));
        Assert.Empty(FieldChanges.Between(Encoding.UTF8.GetBytes($"{{\"A\":\"{new string('x', RecordCodec.MaxBytes)}\"}}"), null));
    }
}
