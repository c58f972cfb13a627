using Mayu.Primitives;
using Mayu.Storage.Records;

namespace Mayu.Storage.Tests.Records;

public class SerialFolderTests
{
    [Fact]
    public void Every_serial_has_a_safe_folder_of_its_own_that_leads_back_to_it()
    {
        var random = new Random(7);
        var folders = new Dictionary<string, Serial>(StringComparer.Ordinal);
        for (var i = 0; i < 20_000; i++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(1, Serial.MaxLength + 1)).Select(_ => (char)random.Next('!', '~' + 1)));
            if (!Serial.TryParse(i % 3 == 0 ? text[..Math.Min(text.Length, 3)] : text, out var serial, out _))
            {
                continue;
            }

            var folder = SerialFolder.Encode(serial);
            Assert.Matches("^[a-z0-9_%-][a-z0-9._%-]*$", folder);
            Assert.InRange(folder.Length, 1, 200);
            Assert.True(SerialFolder.TryDecode(folder, out var back));
            Assert.Equal(serial, back);
            Assert.True(folders.TryAdd(folder, serial) || folders[folder] == serial);
        }
    }

    [Theory]
    [InlineData("004bC71B", "004bc71b")]
    [InlineData("aa:bb", "aa:bb")]
    public void Folders_that_hands_or_the_first_mayu_made_are_read_too(string folder, string serial)
    {
        Assert.True(SerialFolder.TryDecode(folder, out var found));
        Assert.Equal(serial, found.Text);
    }

    [Theory]
    [InlineData("%41")]
    [InlineData("%zz1")]
    [InlineData("a%2")]
    [InlineData("a%61")]
    [InlineData("über")]
    public void What_no_serial_leads_to_is_no_machines_folder(string folder) => Assert.False(SerialFolder.TryDecode(folder, out _));
}
