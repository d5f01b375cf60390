using System.Text;

namespace Tacit.Data.Forms;

/// <summary>Rows of a .tsv (fields between tabs, as they are) or a .csv (RFC 4180: quotes, doubled quotes, line breaks in quotes).</summary>
internal static class Table
{
    public static List<string[]> Parse(string text, bool commas)
    {
        var rows = new List<string[]>();
        var row = new List<string>();
        var field = new StringBuilder();
        char separator = commas ? ',' : '\t';
        bool quoted = false;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (quoted)
            {
                if (c != '"')
                {
                    field.Append(c);
                }
                else if (i + 1 < text.Length && text[i + 1] == '"')
                {
                    field.Append('"');
                    i++;
                }
                else
                {
                    quoted = false;
                }
            }
            else if (commas && c == '"' && field.Length == 0)
            {
                quoted = true;
            }
            else if (c == separator)
            {
                row.Add(field.ToString());
                field.Clear();
            }
            else if (c == '\n')
            {
                EndRow(rows, row, field);
            }
            else if (c != '\r')
            {
                field.Append(c);
            }
        }

        EndRow(rows, row, field);
        return rows;
    }

    private static void EndRow(List<string[]> rows, List<string> row, StringBuilder field)
    {
        if (row.Count > 0 || field.Length > 0)
        {
            row.Add(field.ToString());
            rows.Add([.. row]);
        }

        row.Clear();
        field.Clear();
    }
}
