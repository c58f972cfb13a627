using System.Diagnostics;
using Mayu.Core.Provisioning;
using Mayu.Core.Rendering;

namespace Mayu.Core.Tests.Provisioning;

public sealed class Sha512CryptTests
{
    // The published examples ("Unix crypt using SHA-256 and SHA-512"), with the salts cut to 16 characters and no fewer rounds than 1000, as that text says.
    [Theory]
    [InlineData("Hello world!", "saltstring", null, "$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inz1")]
    [InlineData("Hello world!", "saltstringsaltst", 10000, "$6$rounds=10000$saltstringsaltst$OW1/O6BYHV6BcXZu8QVeXbDWra3Oeqh0sbHbbMCVNSnCM/UrjmM0Dp8vOuZeHBy/YTBmSK6H9qs/y3RnOaw5v.")]
    [InlineData("a very much longer text to encrypt.  This one even stretches over morethan one line.", "anotherlongsalts", 1400, "")]
    [InlineData("we have a short salt string but not a short password", "short", 77777, "$6$rounds=77777$short$WuQyW2YR.hBNpjjRhpYD/ifIw05xdfeEyQoMxIXbkvr0gge1a1x3yRULJ5CCaUeOxFmtlcGZelFl5CxtgfiAc0")]
    [InlineData("a short string", "asaltof16chars..", 100000, "")]
    [InlineData("the minimum number is still observed", "roundstoolow", 1000, "$6$rounds=1000$roundstoolow$kUMsbe306n21p9R.FRkW3IGn.S9NPN0x50YhH1xhLsPuWGsUSklZt58jaTfF4ZEQpyUNGc0dqbpBYYBaHHrsX.")]
    public void The_published_examples_have_the_published_hashes(string password, string salt, int? rounds, string expected)
    {
        var hash = Sha512Crypt.Hash(password, salt, rounds);
        Assert.True(expected.Length == 0 || hash == expected, hash);
        Assert.Equal(OpenSsl(password, hash[3..hash.LastIndexOf('$')]), hash);
    }

    // Each length around the 64 bytes of a digest, and around the powers of two.
    [Fact]
    public void Passwords_of_any_length_have_the_hashes_of_openssl()
    {
        foreach (var length in new[] { 1, 2, 3, 7, 8, 31, 32, 33, 63, 64, 65, 127, 128, 129, 200, 255 })
        {
            var password = string.Concat(Enumerable.Range(0, length).Select(i => (char)('!' + (((i * 7) + length) % 90))));
            var salt = "./09AZaz"[..(1 + (length % 8))];
            Assert.Equal(OpenSsl(password, salt), Sha512Crypt.Hash(password, salt, rounds: null));
        }

        Assert.Equal(OpenSsl("pässwörd", "s"), Sha512Crypt.Hash("pässwörd", "s", rounds: null));
    }

    [Theory]
    [InlineData("{{ \"Hello world!\" | crypt_password \"saltstring\" }}", "$6$saltstring$svn8UoSVapN")]
    [InlineData("{{ \"Hello world!\" | crypt_password \"saltstringsaltst\" 10000 | sh }}", "'$6$rounds=10000$saltstringsaltst$OW1/O6BY")]
    public void A_template_prints_the_hash_as_it_is_or_encoded(string template, string start) => Assert.StartsWith(start, Render(template), StringComparison.Ordinal);

    [Fact]
    public void A_salt_can_be_made_of_what_a_machine_is() => Assert.StartsWith(
        "$6$ba7816bf8f01cfea$", Render("{{ \"secret\" | crypt_password (\"abc\" | sha256 | string.slice 0 16) }}"), StringComparison.Ordinal);

    [Theory]
    [InlineData("\"a\" | crypt_password \"\"", "a salt has 1 to 16 characters")]
    [InlineData("\"a\" | crypt_password \"12345678901234567\"", "a salt has 1 to 16 characters")]
    [InlineData("\"a\" | crypt_password \"a$b\"", "a salt has 1 to 16 characters")]
    [InlineData("\"\" | crypt_password \"a\"", "a password has 1 to 511 bytes")]
    [InlineData("\"a\\0b\" | crypt_password \"a\"", "a password has 1 to 511 bytes")]
    [InlineData("\"é\" * 256 | crypt_password \"a\"", "a password has 1 to 511 bytes")]
    [InlineData("\"a\" | crypt_password \"a\" 999", "1000 to 100000 rounds")]
    [InlineData("\"a\" | crypt_password \"a\" 100001", "1000 to 100000 rounds")]
    [InlineData("\"a\" | crypt_password \"a\" \"x\"", "a whole number is needed here")]
    [InlineData("\"a\" | crypt_password", "")]
    [InlineData("\"a\" | crypt_password \"a\" 1000 1", "")]
    public void What_cannot_be_hashed_is_an_error_that_does_not_repeat_it(string expression, string expected)
    {
        var message = Assert.Throws<TemplateException>(() => Render($"{{{{ {expression} }}}}")).Message;
        Assert.Contains(expected, message, StringComparison.Ordinal);
        Assert.Contains("line 1, column", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_password_of_511_bytes_is_the_longest() => Assert.Equal(3 + 1 + 1 + 86, Sha512Crypt.Hash(new string('a', 511), "s", rounds: 1000).Length - "rounds=1000$".Length);

    private static string OpenSsl(string password, string salt)
    {
        using var openssl = Process.Start(new ProcessStartInfo("openssl", ["passwd", "-6", "-salt", salt, password]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        var hash = openssl.StandardOutput.ReadToEnd().Trim();
        openssl.WaitForExit();
        Assert.Equal(0, openssl.ExitCode);
        return hash;
    }

    private static string Render(string template) =>
        new TemplateRenderer(new TemplateLibrary()).Render(new TemplateText("test", template), new TemplateVariables());
}
