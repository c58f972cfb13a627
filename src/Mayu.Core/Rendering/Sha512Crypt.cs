using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace Mayu.Core.Rendering;

/// <summary>
/// The password hash <c>$6$</c> of crypt(3), as /etc/shadow has it: “Unix crypt using SHA-256 and SHA-512” by Ulrich Drepper, version 0.6.
/// The comments name the steps of that text.
/// </summary>
internal static class Sha512Crypt
{
    /// <summary>The rounds of a hash that names none.</summary>
    public const int DefaultRounds = 5000;

    private const int MinRounds = 1000;

    // Fewer than crypt(3) takes: it runs while a machine waits for its config. 100,000 are some tenths of a second.
    private const int MaxRounds = 100_000;
    private const int MaxSalt = 16;

    // CRYPT_MAX_PASSPHRASE_SIZE of libxcrypt, whose last byte is a NUL.
    private const int MaxPassword = 511;
    private const int Size = SHA512.HashSizeInBytes;
    private const string Digits = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    private static readonly SearchValues<char> SaltCharacters = SearchValues.Create(Digits);

    /// <summary>Hashes a password.</summary>
    /// <param name="password">The password; 1 to 511 bytes in UTF-8, without NUL.</param>
    /// <param name="salt">1 to 16 characters of <c>./0-9A-Za-z</c>.</param>
    /// <param name="rounds">1000 to 100,000; null: 5000, which is not written into the hash.</param>
    /// <exception cref="TemplateFaultException">One of them is not allowed.</exception>
    public static string Hash(string password, string salt, long? rounds)
    {
        var key = Encoding.UTF8.GetBytes(password);
        if (key.Length is 0 or > MaxPassword || key.Contains((byte)0))
        {
            throw new TemplateFaultException($"a password has 1 to {MaxPassword} bytes, and no NUL");
        }

        if (salt.Length is 0 or > MaxSalt || salt.AsSpan().ContainsAnyExcept(SaltCharacters))
        {
            throw new TemplateFaultException($"a salt has 1 to {MaxSalt} characters of ./0-9A-Za-z, for example {{{{ machine.serial | sha256 | string.slice 0 {MaxSalt} }}}}");
        }

        if (rounds is < MinRounds or > MaxRounds)
        {
            throw new TemplateFaultException($"a password is hashed in {MinRounds} to {MaxRounds} rounds");
        }

        var digest = Digest(key, Encoding.ASCII.GetBytes(salt), (int)(rounds ?? DefaultRounds));
        return $"$6${(rounds is null ? "" : $"rounds={rounds}$")}{salt}${Text(digest)}";
    }

    private static byte[] Digest(byte[] key, byte[] salt, int rounds)
    {
        // 4-8: digest B.
        var b = SHA512.HashData([.. key, .. salt, .. key]);

        // 1-3, 9-12: digest A. For each bit of the password's length, from the lowest: B for a one, the password for a zero.
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA512);
        hash.AppendData([.. key, .. salt, .. Repeated(b, key.Length)]);
        for (var length = key.Length; length > 0; length >>= 1)
        {
            hash.AppendData((length & 1) == 1 ? b : key);
        }

        var digest = hash.GetHashAndReset();

        // 13-16: the password hashed as often as it is long. 17-20: the salt hashed 16 times and as often as the first byte of A says.
        var p = Repeated(SHA512.HashData(Repeated(key, key.Length * key.Length)), key.Length);
        var s = Repeated(SHA512.HashData(Repeated(salt, salt.Length * (16 + digest[0]))), salt.Length);

        // 21: the rounds.
        for (var round = 0; round < rounds; round++)
        {
            var isOdd = round % 2 == 1;
            hash.AppendData(isOdd ? p : digest);
            if (round % 3 != 0)
            {
                hash.AppendData(s);
            }

            if (round % 7 != 0)
            {
                hash.AppendData(p);
            }

            hash.AppendData(isOdd ? digest : p);
            hash.GetHashAndReset(digest);
        }

        return digest;
    }

    private static byte[] Repeated(byte[] bytes, int length)
    {
        var repeated = new byte[length];
        for (var i = 0; i < length; i++)
        {
            repeated[i] = bytes[i % bytes.Length];
        }

        return repeated;
    }

    // 22e: three bytes, each from another third of the digest, are four digits, the lowest first; which third comes first goes round.
    private static string Text(byte[] digest)
    {
        var text = new StringBuilder();
        for (var i = 0; i < Size / 3; i++)
        {
            var third = i % 3;
            Append((At(third) << 16) | (At((third + 1) % 3) << 8) | At((third + 2) % 3), digits: 4);

            int At(int part) => digest[i + (part * (Size / 3))];
        }

        Append(digest[Size - 1], digits: 2);
        return text.ToString();

        void Append(int bits, int digits)
        {
            for (; digits > 0; digits--, bits >>= 6)
            {
                text.Append(Digits[bits & 63]);
            }
        }
    }
}
