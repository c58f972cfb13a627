namespace Mayu.Protocols.Pxe;

/// <summary>Option 77 in its two forms: instances with length bytes (RFC 3004 §4), and the bare text that iPXE sends.</summary>
public static class UserClass
{
    /// <summary>Whether a class is named, in either form.</summary>
    /// <param name="option">The option's value.</param>
    /// <param name="name">The class.</param>
    public static bool Names(ReadOnlySpan<byte> option, ReadOnlySpan<byte> name)
    {
        if (option.SequenceEqual(name))
        {
            return true;
        }

        while (!option.IsEmpty)
        {
            var length = option[0];
            if (length == 0 || length >= option.Length)
            {
                return false;
            }

            if (option.Slice(1, length).SequenceEqual(name))
            {
                return true;
            }

            option = option[(1 + length)..];
        }

        return false;
    }
}
